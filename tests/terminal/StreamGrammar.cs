using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>
/// Streams as a program could print them, from a grammar that reaches every sequence of terminal/SEQUENCES.md. The seed
/// decides the stream; a failing one is made smaller by leaving pieces out.
/// </summary>
internal sealed class StreamGrammar(int seed, int columns = 20, int rows = 6)
{
    private static readonly string[] _texts =
    [
        "a", "hello", "word ", "  ", "0123456789", "~!@#", "the quick brown fox jumps over the lazy dog ", "x", "é", "ß→", "日本", "한국어", "ｆｕｌｌ", "😀",
        "e\u0301", "\u0301", "👩‍👩‍👧", "🇩🇪", "☺\uFE0F", "1\uFE0F\u20E3", "क्षि", "\u200B", "\u00AD", "│─┌", "\uFFFD", "👍🏽", "\u1100\u1161\u11A8", "ﷺ",
    ];

    private static readonly string[] _controls = ["\r", "\n", "\r\n", "\b", "\t", "\u000b", "\u000c", "\u000e", "\u000f", "\a", "\0", "\u007f", "\r\n", "\n"];

    private static readonly string[] _escapes =
    [
        "7", "8", "D", "E", "M", "H", "6", "9", "=", ">", "N", "O", "n", "o", "|", "}", "~", "(0", "(B", ")0", "(A", "*0", "+B", "#3", "#4", "#5", "#6",
        " F", " G", "V", "W", "%G", "\\",
    ];

    private static readonly string[] _finals =
    [
        "A", "B", "C", "D", "E", "F", "G", "I", "J", "K", "L", "M", "P", "S", "T", "X", "Z", "@", "`", "a", "b", "d", "e", "g", "s", "u", "^",
        " @", " A", "'}", "'~", " q", "!p", "\"q", "*x", "#{", "#}", "#P", "#Q",
    ];

    private static readonly string[] _privateFinals = ["?J", "?K", "?W", ">u", "<u", "=u", ">m", ">n"];

    private static readonly int[] _privateModes =
    [
        1, 3, 4, 5, 6, 7, 8, 9, 12, 25, 40, 41, 42, 45, 47, 66, 67, 69, 95, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1010, 1011, 1015, 1016,
        1034, 1035, 1036, 1037, 1039, 1042, 1043, 1045, 1047, 1048, 1049, 2004, 2026, 2027, 2031, 2048, 9001,
    ];

    private static readonly string[] _queries =
    [
        "\e[c", "\e[>c", "\e[=c", "\eZ", "\e[5n", "\e[6n", "\e[?6n", "\e[?996n", "\e[>q", "\e[?u", "\e[18t", "\e[14t", "\e[?2026$p", "\e[4$p",
        "\eP$qm\e\\", "\eP$qr\e\\", "\eP+q544e;436f\e\\", "\e]4;1;?\a", "\e]10;?\e\\", "\e]11;?\a", "\e[1;1;1;1;3;3*y", "\u0005", "\e]52;c;?\a", "\e[20t", "\e[x",
        "\e_Gi=1,a=q;AAAA\e\\",
    ];

    private readonly Random _random = new(seed);

    /// <summary>Leaves out queries; used where only one engine may answer.</summary>
    public bool WithoutQueries { get; init; }

    /// <summary>Adds bytes that are no proper sequences.</summary>
    public bool WithGarbage { get; init; }

    public List<byte[]> Pieces(int count)
    {
        List<byte[]> pieces = [];
        for (int i = 0; i < count; i++)
        {
            pieces.Add(WithGarbage && _random.Next(8) == 0 ? Garbage() : Encoding.UTF8.GetBytes(Piece()));
        }

        return pieces;
    }

    private string Piece() => _random.Next(100) switch
    {
        < 38 => Pick(_texts),
        < 50 => Pick(_controls),
        < 57 => "\e" + Pick(_escapes),
        < 64 => $"\e[{_random.Next(rows + 2)};{_random.Next(columns + 3)}H",
        < 76 => Csi(),
        < 82 => Sgr(),
        < 88 => Mode(),
        < 91 => Margins(),
        < 94 => Osc(),
        < 96 => Rectangle(),
        < 97 => "\e[" + Numbers(1) + Pick(_privateFinals)[^1..],
        < 98 => _random.Next(3) == 0 ? Pick(["\ec", "\e#8", "\e[3J", "\e[2J"]) : "\n",
        _ => WithoutQueries ? "q" : Pick(_queries),
    };

    private string Csi()
    {
        if (_random.Next(8) == 0)
        {
            string final = Pick(_privateFinals);
            return $"\e[{final[0]}{Numbers(2)}{final[1..]}";
        }

        return $"\e[{Numbers(2)}{Pick(_finals)}";
    }

    private string Numbers(int most)
    {
        int count = _random.Next(most + 1);
        return string.Join(';', Enumerable.Range(0, count).Select(_ => _random.Next(20) == 0 ? _random.Next(100_000) : _random.Next(7)));
    }

    private string Sgr()
    {
        var text = new StringBuilder("\e[");
        int count = _random.Next(4);
        for (int i = 0; i < count; i++)
        {
            text.Append(i > 0 ? ";" : "").Append(_random.Next(12) switch
            {
                0 => "38;5;" + _random.Next(256),
                1 => $"48;2;{_random.Next(256)};{_random.Next(256)};{_random.Next(256)}",
                2 => "38:2::" + _random.Next(256) + ":1:2",
                3 => "4:" + _random.Next(6),
                4 => "58:5:" + _random.Next(256),
                5 => _random.Next(90, 108).ToString(),
                6 => "0",
                7 => _random.Next(50, 60).ToString(),
                _ => _random.Next(50).ToString(),
            });
        }

        return text.Append('m').ToString();
    }

    private string Mode()
    {
        char final = Pick(["h", "h", "h", "l", "l", "s", "r"])[0];
        if (_random.Next(6) == 0)
        {
            return $"\e[{Pick(["4", "20", "2", "12", "4;20"])}{(final is 'h' ? 'h' : 'l')}";
        }

        int first = _privateModes[_random.Next(_privateModes.Length)];
        return _random.Next(4) == 0
            ? $"\e[?{first};{_privateModes[_random.Next(_privateModes.Length)]}{final}"
            : $"\e[?{first}{final}";
    }

    private string Margins() => _random.Next(4) switch
    {
        0 => "\e[r",
        1 => $"\e[?69h\e[{_random.Next(columns)};{_random.Next(columns + 2)}s",
        2 => "\e[?69l",
        _ => $"\e[{_random.Next(rows)};{_random.Next(rows + 2)}r",
    };

    private string Osc() => "\e]" + _random.Next(13) switch
    {
        0 => "0;title " + _random.Next(5),
        1 => "1;icon",
        2 => "2;t" + _random.Next(3),
        3 => "4;" + _random.Next(256) + ";rgb:12/34/56",
        4 => "7;file://host/home/u%20x",
        5 => "8;;http://example.org/" + _random.Next(3),
        6 => "8;id=" + _random.Next(3) + ";http://example.org/",
        7 => "8;;",
        8 => "1" + _random.Next(10) + ";#123456",
        9 => "104",
        10 => "11" + _random.Next(10),
        11 => "133;" + Pick(["A", "B", "C", "D;0", "D"]),
        _ => "5;" + _random.Next(5) + ";#fff",
    } + Pick(["\a", "\e\\"]) + (_random.Next(6) == 0 ? Pick(["\e[22;0t", "\e[23;0t", "\e[22;2t", "\e[23;1t", "\e[22;1t"]) : "");

    private string Rectangle() => "\e[" + _random.Next(6) switch
    {
        0 => Area() + ";1;" + _random.Next(rows) + ";" + _random.Next(columns) + "$v",
        1 => Pick(["88", "42", "176"]) + ";" + Area() + "$x",
        2 => Area() + "$z",
        3 => Area() + "${",
        4 => Area() + ";" + Pick(["0", "1", "4;7", "31"]) + "$r",
        _ => Area() + ";" + Pick(["0", "1", "4;7"]) + "$t",
    };

    private string Area() => $"{_random.Next(rows)};{_random.Next(columns)};{_random.Next(rows + 2)};{_random.Next(columns + 2)}";

    private byte[] Garbage()
    {
        switch (_random.Next(6))
        {
            case 0:
                var bytes = new byte[_random.Next(1, 12)];
                _random.NextBytes(bytes);
                return bytes;
            case 1:
                return Encoding.UTF8.GetBytes("\e[" + new string(';', _random.Next(40)) + "m");
            case 2:
                return Encoding.UTF8.GetBytes("\e" + Pick(["]", "P", "_", "^", "X", "P1$q", "[?", "[", "[1 ", "(", "]52;c;", "]8;", "P+q"]));
            case 3:
                return Encoding.UTF8.GetBytes("\e[3\n1\r;4\bm");
            case 4:
                return Encoding.UTF8.GetBytes(Pick(["\u0018", "\u001a", "\u0084", "\u0085", "\u009b31m", "\u008d", "\u0090$qm\u009c", "\u009d2;c1\u009c"]));
            default:
                return [0xE6, 0x97];
        }
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
