namespace Sessiond.Terminal.Tests;

/// <content>Strings and queries, which change nothing that is compared but titles and links.</content>
internal sealed partial class XtermGrammar
{
    private static readonly string[] _queries =
    [
        "\e[c", "\e[>c", "\e[=c", "\eZ", "\e[5n", "\e[6n", "\e[?6n", "\e[?996n", "\e[>q", "\e[?u", "\e[11t", "\e[13t", "\e[14t", "\e[15t", "\e[16t", "\e[18t",
        "\e[19t", "\e[20t", "\e[21t", "\e[?2026$p", "\e[4$p", "\eP$qm\e\\", "\eP$qr\e\\", "\eP+q544e;436f\e\\", "\e]4;1;?\a", "\e]10;?\e\\", "\e]11;?\a",
        "\e[1;1;1;1;3;3*y", "\u0005", "\e]52;c;?\a", "\e[x", "\e[?Sm".Replace("m", "", StringComparison.Ordinal), "\e_Gi=1,a=q;AAAA\e\\", "\e[1$w", "\e[1$u", "\e[&u",
        "\e[\"v", "\e[#R", "\e[#|", "\e[?4m", "\e[?4g",
    ];

    private string Strings()
    {
        string text = _random.Next(32) switch
        {
            0 => "]0;title " + _random.Next(5),
            1 => "]1;icon",
            2 => "]2;t" + _random.Next(3),
            3 => "]4;" + _random.Next(256) + ";rgb:12/34/56",
            4 => "]5;0;#123",
            5 => "]7;file://host/folder%20x",
            6 => "]10;#123456",
            7 => "]1" + _random.Next(1, 10) + ";#123456",
            8 => "]104",
            9 => "]105",
            10 => "]11" + _random.Next(10),
            11 => "]133;" + Pick(["A", "B", "C", "D;0", "D"]),
            12 => "]52;c;aGk=",
            13 => "]" + Pick(["21;?", "22;?", "50;?", "60;", "61;", "99;i=1:p=?;", "1337;ReportCellSize"]),
            14 => "]99999;unknown",
            15 => "P1;1;1q\"1;1;10;10#0~~@@",
            16 => "P1000p%begin",
            17 => "_Ga=T,f=24;AAAA",
            18 => "^private message",
            19 => "Xstart of string",
            20 => "]2;never\u0018\e]2;done",
            21 => "[12\u001a\e]2;t",
            22 => "[22;0t\e]2;pushed\a\e[23;0t\e]1;i",
            23 => "[22;2t\e]2;pushed\a\e[23;2t\e]1;i",
            24 => "[22;1t\e]1;pushed\a\e[23;1t\e]1;i",
            25 => "[1\n;1\bH\e]1;i",
            26 => "[>1u\e[>5u\e[<u\e[=1;2u\e[<9u\e]1;i",
            27 => "[>4;2m\e[>4m\e[>2n\e]1;i",
            28 => "[#P\e[#Q\e]1;i",
            29 => "[0 q\e[" + _random.Next(7) + " q\e]1;i",
            30 => "[?2026$p\e[?996n\e]1;i",
            _ => "",
        };
        return text.Length > 0
            ? "\e" + text + Pick(["\a", "\e\\"]).Replace("\a", text[0] == ']' || text.Contains("\e]", StringComparison.Ordinal) ? "\a" : "\e\\", StringComparison.Ordinal)
            : "\e[m\e]8;" + Pick(["", "id=a", "id=b:x=y"]) + ";http://example.org/" + _random.Next(3) + "\a" + Pick(_texts) + "\e]8;;\a";
    }
}
