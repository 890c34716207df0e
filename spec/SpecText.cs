using System.Text;

namespace Sessiond.Spec;

/// <summary>Makes text from a file fit for a one-line message.</summary>
internal static class SpecText
{
    /// <summary>Characters of foreign text in a message; enough to find the place, with its position beside it.</summary>
    private const int MaxLength = 60;

    /// <summary>Cuts long text.</summary>
    public static string Shorten(string text)
    {
        if (text.Length <= MaxLength) return text;
        int length = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return text[..length] + "…";
    }

    /// <summary>Cuts long text and shows control characters, line ends among them, as <c>\u001B</c>.</summary>
    public static string Printable(string text)
    {
        string shortened = Shorten(text);
        if (!shortened.Any(char.IsControl)) return shortened;
        var printable = new StringBuilder();
        foreach (char c in shortened)
        {
            if (char.IsControl(c)) printable.Append($"\\u{(int)c:X4}");
            else printable.Append(c);
        }

        return printable.ToString();
    }
}
