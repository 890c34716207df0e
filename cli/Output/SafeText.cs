using System.Globalization;
using System.Text;

namespace Sessiond.Cli.Output;

/// <summary>Makes text that programs chose (names, titles, reasons) harmless for the terminal it is printed on.</summary>
internal static class SafeText
{
    /// <summary>Replaces control characters, bidi controls, line separators and lone surrogates by visible escapes.</summary>
    public static string Of(string text)
    {
        int first = IndexOfUnsafe(text);
        if (first < 0) return text;
        var safe = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (int i = first; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(c).Append(text[++i]);
            }
            else if (!IsUnsafe(c)) safe.Append(c);
            else Escape(safe, c);
        }

        return safe.ToString();
    }

    private static int IndexOfUnsafe(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (IsUnsafe(text[i])) return i;
        }

        return -1;
    }

    // C0, DEL and C1 move the cursor or start sequences; bidi controls and separators reorder or break the line.
    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || char.IsSurrogate(c)
        || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u200e' or '\u200f' or '\u061c' or '\u2028' or '\u2029' or '\ufeff';

    private static void Escape(StringBuilder safe, char c)
    {
        if (char.IsSurrogate(c)) safe.Append('\ufffd');
        else if (c == '\n') safe.Append("\\n");
        else if (c == '\t') safe.Append("\\t");
        else if (c <= 0xff) safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
        else safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
    }
}
