using System.Globalization;
using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>
/// Reads the files in sequences/. A line starting with "==" begins a case; the others are a command and its arguments, with
/// \e, \r, \n, \t, \b, \a, \\, \" and \xHH, \u{H} in text. "#" starts a comment. The commands are those of
/// <see cref="SequenceRun"/>.
/// </summary>
internal static class SequenceFile
{
    public static List<(string Name, List<(int Line, string Command, string Arguments)> Steps)> Read(string path)
    {
        List<(string, List<(int, string, string)>)> cases = [];
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("==", StringComparison.Ordinal))
            {
                cases.Add((line[2..].Trim(), []));
                continue;
            }

            int space = line.IndexOf(' ');
            cases[^1].Item2.Add((i + 1, space < 0 ? line : line[..space], space < 0 ? "" : line[(space + 1)..].Trim()));
        }

        return cases;
    }

    /// <summary>Text between quotes, with its escapes.</summary>
    public static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
        {
            throw new FormatException($"not a quoted text: {text}");
        }

        text = text[1..^1];
        var result = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            char c = text[++i];
            switch (c)
            {
                case 'x':
                    result.Append((char)int.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber));
                    i += 2;
                    break;
                case 'u':
                    int end = text.IndexOf('}', i);
                    result.Append(char.ConvertFromUtf32(int.Parse(text.AsSpan(i + 2, end - i - 2), NumberStyles.HexNumber)));
                    i = end;
                    break;
                default:
                    result.Append(c switch
                    {
                        'e' => '\e',
                        'r' => '\r',
                        'n' => '\n',
                        't' => '\t',
                        'b' => '\b',
                        'a' => '\a',
                        _ => c,
                    });
                    break;
            }
        }

        return result.ToString();
    }
}
