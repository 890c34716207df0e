using System.Globalization;
using System.Text;

namespace Sessiond.Vt;

/// <summary>Writes pens as SGR, DECSCA and OSC 8.</summary>
internal static class SgrWriter
{
    /// <summary>Parameters of an SGR that sets this pen whatever it was before, without the final byte.</summary>
    public static string Describe(in Style style)
    {
        var text = new StringBuilder("0");
        for (int code = 1; code <= 9; code++)
        {
            if (code == 4)
            {
                text.Append(style.Underline switch
                {
                    0 => "",
                    1 => ";4",
                    _ => string.Create(CultureInfo.InvariantCulture, $";4:{style.Underline}"),
                });
            }
            else if (style.Has(AttributeOf(code)))
            {
                text.Append(CultureInfo.InvariantCulture, $";{code}");
            }
        }

        text.Append(style.Has(CellAttributes.Overline) ? ";53" : "");
        AppendColor(text, style.Foreground, 30);
        AppendColor(text, style.Background, 40);
        AppendUnderlineColor(text, style.UnderlineColor);
        return text.ToString();
    }

    /// <summary>Brings a pen from one style to another.</summary>
    public static void WriteChange(ByteWriter output, in Style from, in Style to, LinkTable links)
    {
        if (from.Link != to.Link)
        {
            WriteLink(output, to.Link == 0 ? null : links[to.Link]);
        }

        const CellAttributes other = CellAttributes.Protected;
        bool rendition = from.Foreground != to.Foreground || from.Background != to.Background || from.UnderlineColor != to.UnderlineColor
            || (from.Attributes & ~other) != (to.Attributes & ~other);
        if (rendition)
        {
            string parameters = Describe(to);
            output.Add("\e["u8);
            output.AddText(parameters.Length == 1 ? "" : parameters);
            output.Add((byte)'m');
        }

        // xterm.js ends protection with SGR 0, so it comes afterwards and again.
        bool isProtected = to.Has(CellAttributes.Protected);
        if (from.Has(CellAttributes.Protected) != isProtected || (rendition && isProtected))
        {
            output.Add(isProtected ? "\e[1\"q"u8 : "\e[0\"q"u8);
        }
    }

    public static void WriteLink(ByteWriter output, Link? link)
    {
        output.Add("\e]8;"u8);
        if (link is { Id.Length: > 0 })
        {
            output.Add("id="u8);
            output.AddText(link.Id);
        }

        output.Add((byte)';');
        output.AddText(link?.Uri ?? "");
        output.Add("\e\\"u8);
    }

    private static CellAttributes AttributeOf(int code) => code switch
    {
        1 => CellAttributes.Bold,
        2 => CellAttributes.Faint,
        3 => CellAttributes.Italic,
        5 => CellAttributes.Blink,
        6 => CellAttributes.RapidBlink,
        7 => CellAttributes.Inverse,
        8 => CellAttributes.Invisible,
        _ => CellAttributes.Strike,
    };

    private static void AppendColor(StringBuilder text, uint color, int first)
    {
        uint value = Color.Value(color);
        switch (Color.Kind(color))
        {
            case Color.Basic:
                text.Append(CultureInfo.InvariantCulture, $";{(value < 8 ? first + value : first + 60 + value - 8)}");
                break;
            case Color.Indexed:
                text.Append(CultureInfo.InvariantCulture, $";{first + 8};5;{value}");
                break;
            case Color.Rgb:
                text.Append(CultureInfo.InvariantCulture, $";{first + 8};2;{value >> 16};{(value >> 8) & 255};{value & 255}");
                break;
        }
    }

    /// <summary>With colons, as older terminals would take 58;5;n for blinking and more.</summary>
    private static void AppendUnderlineColor(StringBuilder text, uint color)
    {
        uint value = Color.Value(color);
        switch (Color.Kind(color))
        {
            case Color.Indexed:
                text.Append(CultureInfo.InvariantCulture, $";58:5:{value}");
                break;
            case Color.Rgb:
                text.Append(CultureInfo.InvariantCulture, $";58:2::{value >> 16}:{(value >> 8) & 255}:{value & 255}");
                break;
        }
    }
}
