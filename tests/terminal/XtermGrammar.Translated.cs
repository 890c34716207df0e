using System.Text;

namespace Sessiond.Terminal.Tests;

/// <content>Sequences that @xterm/headless does not know, or knows otherwise, and the same in sequences which it knows.</content>
internal sealed partial class XtermGrammar
{
    /// <summary>Homes the cursor and leaves no pen, margins or sets behind, so that both start and end the same.</summary>
    private const string Plain = "\e[m\e[r\e[H\e(B\u000f\e[4l";

    private XtermPiece Translated() => _random.Next(26) switch
    {
        0 => Told("\eV" + "ab\eWc\r\e[K\e[0\"q", "\e[1\"qab\e[0\"qc\r\e[?K"),
        1 => Told("\e[1G\e6", "\e[1G\e[1'}"),
        2 => Told($"\e[{columns}G\e9", $"\e[{columns}G\e[1 @"),
        3 => Told("\e[3G\e6\e9\e9", "\e[4G"),
        4 => Told("\e~\e}\e|", ""),
        5 => Told("\e*0\eNqx\e*B", "\e(0q\e(Bx"),
        6 => Told("\e+0\eOqx\e+B", "\e(0q\e(Bx"),
        7 => Told("\e*0\enqx\u000f\e*B", "\e(0qx\e(B"),
        8 => Told("\e[1;4m\e[#{\e[0;7mx\e[#}y\e[m", "\e[1;4m\e[0;7mx\e[0;1;4my\e[m"),
        9 => Told("\e[1;4m\e[#p\e[0;7mx\e[#qy\e[m", "\e[1;4m\e[0;7mx\e[0;1;4my\e[m"),
        10 => Told("\e[?25s\e[?25lx\e[?25r", "x"),
        11 => Told("\e[?1000l\e[?1001h", "\e[?1000l"),
        12 => Told("\e[?1006;1016l\e[?1015h", "\e[?1006l"),
        13 => Told("\e[?1006;1016l\e[?1005h", "\e[?1006l"),
        14 => Told(Pick(["\e[?69h\e[?69l", "\e%G"]), ""),
        15 => InColumnMargins(),
        16 => Told("\e[?2027h" + "plain\e[?2027l", "plain"),
        17 => Told("\e[?40h\e[?3l\e[?40l", "\e[r\e[2J\e[H"),
        18 => Told("\e[?95;40h\e[?3h\e[?3l\e[?40;95l", "\e[r\e[H"),
        19 => Told("\e[r\e[H\e#6ab\e#5", "\e[r\e[Hab"),
        20 => Told("\e[r\e[H\e#3\e[2H\e#4\e#5\e[H\e#5", "\e[r\e[H"),
        21 => Fill(),
        22 => EraseArea(),
        23 => Told("\e[?5W", _switchesScreens ? "" : "\e[3g" + string.Concat(Enumerable.Range(0, columns).Where(static x => x % 8 == 0).Select(static x => $"\e[{x + 1}G\eH"))),
        24 => Told("\e[38:2:9:8:7;48:2:1:2:3;4;58:2:4:5:6mx", "\e[38:2::9:8:7;48:2::1:2:3;4;58:2::4:5:6mx"),
        _ => Margins(),
    };

    /// <summary>Told with the cursor at home and the default pen before and after.</summary>
    private static XtermPiece Told(string ours, string theirs) => XtermPiece.Told(Plain + ours + Plain, Plain + theirs + Plain);

    /// <summary>DECLRMM: text wraps between the margins, from the left one to the left one.</summary>
    private XtermPiece InColumnMargins()
    {
        int left = _random.Next(1, columns - 4);
        int right = _random.Next(left + 2, columns);
        int top = _random.Next(1, rows - 2);
        string text = Pick(["abcdef", "0123456789", "xy", "the quick"]);
        int width = right - left + 1;
        var theirs = new StringBuilder();
        int y = top;
        text = text[..Math.Min(text.Length, width * (rows - top))];
        for (int at = 0; at < text.Length; at += width)
        {
            theirs.Append($"\e[{y++};{left}H{text.AsSpan(at, Math.Min(width, text.Length - at))}");
        }

        return Told($"\e[?69h\e[{left};{right}s\e[{top};{left}H{text}\e[s\e[?69l", theirs.ToString());
    }

    private (int Top, int Left, int Bottom, int Right) Area()
    {
        int top = _random.Next(1, rows);
        int left = _random.Next(1, columns);
        return (top, left, _random.Next(top, rows + 1), _random.Next(left, columns + 1));
    }

    /// <summary>DECFRA.</summary>
    private XtermPiece Fill()
    {
        var (top, left, bottom, right) = Area();
        var theirs = new StringBuilder("\e[1;44m");
        for (int y = top; y <= bottom; y++)
        {
            theirs.Append($"\e[{y};{left}H{new string('*', right - left + 1)}");
        }

        return Told($"\e[1;44m\e[42;{top};{left};{bottom};{right}$x", theirs.ToString());
    }

    /// <summary>DECERA, and DECSERA where nothing is protected.</summary>
    private XtermPiece EraseArea()
    {
        var (top, left, bottom, right) = Area();
        var theirs = new StringBuilder();
        for (int y = top; y <= bottom; y++)
        {
            theirs.Append($"\e[{y};{left}H\e[{right - left + 1}X");
        }

        return Told($"\e[{top};{left};{bottom};{right}$z", theirs.ToString());
    }

    /// <summary>DECCARA and DECRARA on text that the piece prints itself, and DECCRA of it.</summary>
    private XtermPiece Margins()
    {
        int row = _random.Next(1, rows + 1);
        string at = $"\e[{row};1H";
        string text = "abcd"[..Math.Min(4, columns)];
        return _random.Next(4) switch
        {
            0 => Told($"\e[2K{at}{text}\e[2*x\e[{row};2;{row};3;1$r\e[*x", $"\e[2K{at}a\e[1mbc\e[md"),
            1 => Told($"{at}{text}\e[2*x\e[{row};2;{row};3;4$t\e[*x", $"{at}a\e[4mbc\e[md"),
            2 => Told($"{at}{text}\e[{row};1;{row};4;1;{row};5$v", $"{at}{text}{text}"),
            _ => Told($"{at}{text}\e[{row};1;{row};4${{", $"{at}\e[4X"),
        };
    }
}
