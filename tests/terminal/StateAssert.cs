using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>Compares whole states, and shows only the lines that differ.</summary>
internal static class StateAssert
{
    public static void Same(string expected, string actual, Func<string> context)
    {
        if (Difference(expected, actual) is { } difference)
        {
            Assert.Fail(difference + "\n" + context());
        }
    }

    public static string? Difference(string expected, string actual)
    {
        if (expected == actual)
        {
            return null;
        }

        string[] left = expected.Split('\n');
        string[] right = actual.Split('\n');
        var text = new StringBuilder();
        for (int i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            string a = i < left.Length ? left[i] : "(nothing)";
            string b = i < right.Length ? right[i] : "(nothing)";
            if (a != b)
            {
                text.Append("- ").Append(a).Append("\n+ ").Append(b).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Bytes as a person types them into a test.</summary>
    public static string Printable(IEnumerable<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (char c in Encoding.Latin1.GetString(bytes.ToArray()))
        {
            text.Append(c switch
            {
                '\e' => "\\e",
                '\r' => "\\r",
                '\n' => "\\n",
                _ when c is < ' ' or > '~' => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return text.ToString();
    }
}
