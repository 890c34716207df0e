using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>Streams of what both engines do in the same way; see terminal/DIFFERENCES.md for what is left out.</summary>
internal sealed class XtermGrammar(int seed, int columns, int rows)
{
    private static readonly string[] _texts =
    [
        "a", "hello", "word ", "  ", "0123456789", "~!@#", "the quick brown fox jumps over the lazy dog ", "x", "é", "ß→", "日本", "한국어", "ｆｕｌｌ", "😀",
        "e\u0301", "│─┌", "n\u0303o",
    ];

    private static readonly string[] _controls = ["\r", "\n", "\r\n", "\b", "\t", "\u000b", "\r\n", "\n", "\r\n"];
    private static readonly string[] _escapes = ["D", "E", "M", "=", ">", "(0", "(B"];
    private static readonly string[] _finals = ["A", "B", "C", "D", "E", "F", "G", "I", "L", "M", "P", "X", "`", "d", "\"q"];
    private static readonly int[] _modes = [1, 25, 1000, 1002, 1003, 1004, 1006, 2004, 9, 66];
    private readonly Random _random = new(seed);

    public List<byte[]> Pieces(int count)
    {
        List<byte[]> pieces = [];
        for (int i = 0; i < count; i++)
        {
            pieces.Add(Encoding.UTF8.GetBytes(Piece()));
        }

        return pieces;
    }

    private string Piece() => _random.Next(100) switch
    {
        < 40 => Pick(_texts),
        < 54 => Pick(_controls),
        < 59 => "\e" + Pick(_escapes),
        < 67 => $"\e[{_random.Next(rows + 2)};{_random.Next(columns + 3)}H",
        < 78 => $"\e[{Number()}{Pick(_finals)}",
        < 79 => $"{Pick(_texts)}\e[{_random.Next(9)}b",
        < 82 => "\r" + Pick(["\e[K", "\e[1K", "\e[2K", "\e[J", "\e[1J", "\e[2J", "\e[?K", "\e[?J", "\e[9C\e[2Z", "\e[r\e[?1049l\e[H\e[3J", "\e[@", "\e[3@"]),
        < 90 => Sgr(),
        < 94 => $"\e[{Pick(["?" + _modes[_random.Next(_modes.Length)], "?" + _modes[_random.Next(_modes.Length)], "4"])}{Pick(["h", "l"])}",
        < 96 => $"\e[{_random.Next(rows)};{_random.Next(rows + 2)}r",
        < 97 => _random.Next(2) == 0
            ? $"\e[?6h\e[{_random.Next(rows + 2)};{_random.Next(columns + 3)}H" + Pick(_texts) + "\e[?6l"
            : "\e[r\e[m" + Pick(["\e[?1049l\e[H\e[?1049h", "\e[?1049l\e[H"]) + "\e[m",
        < 98 => "\e]2;title " + _random.Next(5) + Pick(["\a", "\e\\"]),
        < 99 => Pick(["\e[!p\e[?1;66;1004;2004;9;1000;1002;1003l", "\ec", $"\e7\e[{_random.Next(rows)};{_random.Next(columns)}H\e[31;1mx\e8", "\r\e[?7l" + Pick(["0123456789", "the quick brown fox jumps over the lazy dog "]) + "\r\e[?7h"]),
        _ => $"\e[m\e]8;;http://example.org/{_random.Next(3)}\a" + Pick(_texts) + "\e]8;;\a",
    };

    private string Number() => _random.Next(3) == 0 ? "" : (_random.Next(20) == 0 ? _random.Next(5000) : _random.Next(7)).ToString();

    private string Sgr()
    {
        var text = new StringBuilder("\e[");
        int count = _random.Next(4);
        for (int i = 0; i < count; i++)
        {
            text.Append(i > 0 ? ";" : "").Append(_random.Next(10) switch
            {
                0 => "38;5;" + _random.Next(256),
                1 => $"48;2;{_random.Next(256)};{_random.Next(256)};{_random.Next(256)}",
                2 => "38:2::" + _random.Next(256) + ":1:2",
                3 => "4:" + _random.Next(6),
                4 => "58:5:" + _random.Next(256),
                5 => _random.Next(90, 98).ToString(),
                6 => "0",
                7 => Pick(["53", "55", "59"]),
                _ => Pick(["1", "2", "3", "4", "5", "7", "8", "9", "21", "22", "23", "24", "25", "27", "28", "29", "31", "39", "45", "49"]),
            });
        }

        return text.Append('m').ToString();
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
