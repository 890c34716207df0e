using System.Globalization;
using System.Text;

namespace Sessiond.Vt;

/// <content>DCS strings: DECRQSS and XTGETTCAP are answered; graphics pass by.</content>
public sealed partial class Terminal
{
    /// <summary>
    /// What XTGETTCAP tells: the terminfo of xterm-256color where every client's terminal agrees. Names and values as in
    /// terminfo(5); an empty value is a boolean.
    /// </summary>
    private static readonly Dictionary<string, string> _capabilities = new(StringComparer.Ordinal)
    {
        ["TN"] = "xterm-256color",
        ["name"] = "xterm-256color",
        ["Co"] = "256",
        ["colors"] = "256",
        ["RGB"] = "8/8/8",
        ["Tc"] = "",
        ["Su"] = "",
        ["Setulc"] = "\\E[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m",
        ["Smulx"] = "\\E[4:%p1%dm",
        ["Ss"] = "\\E[%p1%d q",
        ["Se"] = "\\E[2 q",
        ["Ms"] = "\\E]52;%p1%s;%p2%s\\007",
        ["Sync"] = "\\E[?2026%?%p1%{1}%-%tl%eh%;",
        ["BE"] = "\\E[?2004h",
        ["BD"] = "\\E[?2004l",
        ["PS"] = "\\E[200~",
        ["PE"] = "\\E[201~",
        ["XM"] = "\\E[?1006;1000%?%p1%{1}%=%th%el%;",
    };

    private static bool IsDcsQuery(ControlSequence s) =>
        s.Prefix == 0 && ((s.Final == 'q' && s.Intermediates is '$' or '+') || (s.Final == 'Q' && s.Intermediates == '+'));

    private static bool IsGraphicsQuery(ReadOnlySpan<byte> text)
    {
        // kitty graphics: "G" control data ";" payload, where a=q asks whether the terminal knows it
        int end = text.IndexOf((byte)';');
        ReadOnlySpan<byte> control = end < 0 ? text : text[..end];
        return control.StartsWith("G"u8) && control.IndexOf("a=q"u8) > 0;
    }

    private void DcsDispatch(ControlSequence s, ReadOnlySpan<byte> text)
    {
        if (!IsDcsQuery(s))
        {
            return;
        }

        CoverQuery();
        if (s.Final == 'q' && s.Intermediates == '$')
        {
            ReportSetting(Encoding.Latin1.GetString(text));
        }
        else if (s.Final == 'q')
        {
            ReportCapabilities(Encoding.Latin1.GetString(text));
        }
    }

    /// <summary>DECRQSS: DCS $ q setting ST is answered by DCS 1 $ r value ST, or 0 when it is not known (xterm).</summary>
    private void ReportSetting(string setting)
    {
        string? value = setting switch
        {
            "m" => SgrWriter.Describe(_pen) + "m",
            "r" => Invariant($"{_top + 1};{_bottom + 1}r"),
            "s" => Invariant($"{_left + 1};{_right + 1}s"),
            "t" => Invariant($"{Rows}t"),
            "$|" => Invariant($"{Columns}$|"),
            "*|" => Invariant($"{Rows}*|"),
            " q" => Invariant($"{_cursorShape} q"),
            "\"q" => Invariant($"{(_pen.Has(CellAttributes.Protected) ? 1 : 0)}\"q"),
            "\"p" => _eightBitReplies ? "62;0\"p" : "62;1\"p",
            "*x" => _rectangleExtent ? "2*x" : "1*x",
            _ => null,
        };
        ReplyString(value is null ? "P0$r" : "P1$r" + value);
    }

    /// <summary>XTGETTCAP: names in hex separated by semicolons, answered one by one until an unknown one (ctlseqs).</summary>
    private void ReportCapabilities(string names)
    {
        foreach (string hex in names.Split(';'))
        {
            string? name = FromHex(hex);
            if (name is null || !_capabilities.TryGetValue(name, out string? value))
            {
                ReplyString("P0+r" + (name is null ? "" : hex));
                continue;
            }

            ReplyString("P1+r" + hex + (value.Length == 0 ? "" : "=" + Convert.ToHexString(Encoding.Latin1.GetBytes(value))));
        }
    }

    private static string? FromHex(string hex)
    {
        if (hex.Length == 0 || hex.Length % 2 != 0)
        {
            return null;
        }

        var name = new StringBuilder(hex.Length / 2);
        for (int i = 0; i < hex.Length; i += 2)
        {
            if (!byte.TryParse(hex.AsSpan(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b))
            {
                return null;
            }

            name.Append((char)b);
        }

        return name.ToString();
    }
}
