using System.Text;
using System.Text.RegularExpressions;

namespace Sessiond.Terminal.Tests;

/// <summary>Says to @xterm/headless in other words what real programs print and it understands otherwise (terminal/DIFFERENCES.md).</summary>
internal static partial class XtermDialect
{
    /// <summary>
    /// EL and ED after the last column was written: the column is erased too, and the cursor does not wait to wrap any more. ECH does just that
    /// there, and nothing elsewhere that EL and ED do not do.
    /// </summary>
    public static byte[] Translate(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        text = EraseToTheEnd().Replace(text, "\e[X$0");
        return Encoding.Latin1.GetBytes(EraseOther().Replace(text, "$0\e[X"));
    }

    /// <summary>
    /// As <see cref="Translate"/>, and DECALN with the margins' reset; and DECCOLM, which vttest allows by mode 40, as what it does beside the size.
    /// </summary>
    public static byte[] TranslateVttest(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(Translate(bytes));
        text = text.Replace("\e#8", "\e[r\e[?6l\e[m\e#8", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(Columns().Replace(text, "\e[r\e[2J\e[H"));
    }

    [GeneratedRegex(@"\x1b\[\?3[hl]")]
    private static partial Regex Columns();

    [GeneratedRegex(@"\x1b\[0?[JK]")]
    private static partial Regex EraseToTheEnd();

    [GeneratedRegex(@"\x1b\[[12][JK]")]
    private static partial Regex EraseOther();
}
