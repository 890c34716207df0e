using System.Globalization;
using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>
/// Streams that reach every sequence of terminal/SEQUENCES.md, for comparing with @xterm/headless. What that one does otherwise on purpose
/// or does not know is in terminal/DIFFERENCES.md; such a sequence comes in a form in which both mean the same, or is told to the other
/// engine in other words.
/// </summary>
internal sealed partial class XtermGrammar(int seed, int columns, int rows)
{
    private static readonly string[] _texts =
    [
        "a", "hello", "word ", "  ", "0123456789", "~!@#", "the quick brown fox jumps over the lazy dog ", "x", "é", "ß→", "日本", "한국어", "ｆｕｌｌ", "😀",
        "e\u0301", "│─┌", "n\u0303o", "👩\u200D👧", "☺\uFE0F", "1\uFE0F\u20E3", "क्षि", "a\u200Bb", "👍🏽", "ﷺ", "\u1112\u1161\u11AB", "a\u0000b", "c\u007Fd",
    ];

    private static readonly string[] _controls = ["\r", "\n", "\r\n", "\b", "\t", "\u000b", "\u000c", "\r\n", "\n", "\r\n", "\a", "\b\b"];
    private static readonly string[] _escapes = ["D", "E", "M", "=", ">", "(0", "(B", "(A", ")0", "*0", "+B", "\\", " F", " G", "n\u000f", "o\u000f"];

    private static readonly string[] _finals =
        ["A", "B", "C", "D", "E", "F", "G", "I", "P", "X", "`", "a", "d", "e"];

    /// <summary>Modes that are told to both; those which @xterm/headless does not know have no effect that is compared.</summary>
    private static readonly int[] _modes =
    [
        1, 25, 1000, 1002, 1003, 1004, 2004, 9, 66, 4, 5, 8, 12, 41, 42, 67, 1007, 1010, 1011, 1034, 1035, 1036, 1037, 1039, 1042,
        1043, 2026, 2031, 9001, 3,
    ];

    private readonly Random _random = new(seed);

    /// <summary>The other engine has tab stops and margins for each screen, so a stream has changes of one or the other.</summary>
    private readonly bool _switchesScreens = (seed & 1) == 0;

    public List<XtermPiece> Pieces(int count)
    {
        List<XtermPiece> pieces = [];
        for (int i = 0; i < count; i++)
        {
            pieces.Add(Piece());
        }

        return pieces;
    }

    private XtermPiece Piece()
    {
        int kind = _random.Next(100);
        return kind switch
        {
            < 36 => XtermPiece.Same(Pick(_texts)),
            < 50 => XtermPiece.Same(Pick(_controls)),
            < 55 => XtermPiece.Same("\e" + Pick(_escapes)),
            < 62 => XtermPiece.Same($"\e[{_random.Next(rows + 2)};{_random.Next(columns + 3)}{Pick(["H", "H", "f"])}"),
            < 70 => XtermPiece.Same($"\e[{Number()}{Pick(_finals)}"),
            < 72 => XtermPiece.Same($"{Pick(["\r", "\b"])}\e[{Number()}{Pick(["L", "M"])}"),
            < 75 => Erase(),
            < 82 => XtermPiece.Same(Sgr()),
            < 85 => XtermPiece.Same(Mode()),
            < 87 => XtermPiece.Same($"\e[{_random.Next(rows)};{_random.Next(rows + 2)}r"),
            < 89 => XtermPiece.Same(Screens()),
            < 91 => XtermPiece.Same(Strings()),
            < 93 => XtermPiece.Same(Whole()),
            < 94 => XtermPiece.Same(Pick(_queries)),
            _ => Translated(),
        };
    }

    private XtermPiece Erase()
    {
        if (_random.Next(2) == 0)
        {
            string text = Pick(["\e[K", "\e[0K", "\e[1K", "\e[2K", "\e[J", "\e[0J", "\e[2J"]);
            return new XtermPiece(Encoding.ASCII.GetBytes(text), XtermDialect.Translate(Encoding.ASCII.GetBytes(text)));
        }

        return XtermPiece.Same(EraseAfterMovement());
    }

    /// <summary>
    /// What the selective forms do to a cursor that waits to wrap is a difference, and ED 1 in the last cell ends @xterm/headless.
    /// </summary>
    private string EraseAfterMovement() => Pick(["\r", "\b", "\e[3G"])
        + Pick(["\e[K", "\e[1K", "\e[2K", "\e[J", "\e[1J", "\e[2J", "\e[?K", "\e[?1K", "\e[?2K", "\e[?J", "\e[?1J", "\e[?2J", "xy\b\e[@", "xy\b\e[3@", "\e[9C\e[2Z", "\e[Z"]);

    private string Mode()
    {
        if (_random.Next(8) == 0)
        {
            return Pick(["\e[?1006h", "\e[?1016h", "\e[?1006;1016l"]);
        }

        if (_random.Next(6) == 0)
        {
            return $"\e[{Pick(["4", "2", "12"])}{Pick(["h", "l"])}";
        }

        string more = _random.Next(4) == 0 ? ";" + _modes[_random.Next(_modes.Length)] : "";
        return $"\e[?{_modes[_random.Next(_modes.Length)]}{more}{Pick(["h", "l"])}";
    }

    /// <summary>Other screen, or tab stops: see <see cref="_switchesScreens"/>.</summary>
    private string Screens() => _switchesScreens
        ? "\e(B\u000f\e[r\e[m" + Pick(["\e[?1049l\e[H\e[?1049h", "\e[?1049l\e[H", "\e[?1047l\e[H\e[?1047h", "\e[?1047l\e[H", "\e[?1047l\e[?47h\e[H", "\e[?1049l\e[H\e[3J"])
        : Pick(["\eH", "\e[g", "\e[3g", "\e[0g", "\e[3g\e[5G\eH\e[12G\eH\r", "\e[H\e[3J"]);

    /// <summary>Sequences of more than one part that leave nothing behind which the engines see differently.</summary>
    private string Whole() => _random.Next(14) switch
    {
        0 => $"\e[?6h\e[{_random.Next(rows + 2)};{_random.Next(columns + 3)}H" + Pick(_texts) + "\e[?6l",
        1 => "\e[!p\e[?1;66;1004;2004;9;1000;1002;1003;1006;1016l",
        2 => "\ec\e[?25h",
        3 => $"\r\e(B\u000f\e[24;59m\e7\e[{_random.Next(rows)};{_random.Next(columns)}H\e[31;1mx\e8\e[m",
        4 => $"\r\e(B\u000f\e[24;59m\e[s\e[{_random.Next(rows)};{_random.Next(columns)}H\e[1mx\e[u\e[m",
        5 => $"\r\e(B\u000f\e[24;59m\e[?1048h\e[{_random.Next(rows)};{_random.Next(columns)}H\e[1mx\e[?1048l\e[m",
        6 => "\r\e[?7l" + Pick(["0123456789", "the quick brown fox jumps over the lazy dog "]) + "\r\e[?7h",
        7 => $"{Pick(["ab", "x", "日", "e\u0301"])}\e[{_random.Next(9)}b",
        8 => "\e[m\e[1\"q" + Pick(["prot", "é→", "x"]) + "\e[0\"q" + Pick(["y", "\r\e[?K", "\r\e[?J", "\e[2\"q"]),
        9 => "\e[m\e[r\e#8",
        10 => "\e[20hab\ncd\u000be\e[20l",
        11 => $"\e[2;{rows}r\e[{_random.Next(2, rows)};3H\e[{_random.Next(4)}S",
        12 => $"\e[49m\e[{_random.Next(4)}T",
        _ => $"\e[r\e[2J\e[H\e[?45h{Pick(["0123456789", "the quick brown fox "])}{new string('x', columns)}{new string('\b', _random.Next(columns + 9))}\e[?45l",
    };

    private string Number() => _random.Next(3) == 0 ? "" : (_random.Next(20) == 0 ? _random.Next(5000) : _random.Next(7)).ToString(CultureInfo.InvariantCulture);

    private string Sgr()
    {
        var text = new StringBuilder("\e[");
        int count = _random.Next(4);
        for (int i = 0; i < count; i++)
        {
            text.Append(i > 0 ? ";" : "").Append(_random.Next(15) switch
            {
                0 => "38;5;" + _random.Next(256),
                1 => $"48;2;{_random.Next(256)};{_random.Next(256)};{_random.Next(256)}",
                2 => "38:2::" + _random.Next(256) + ":1:2",
                3 => "4:" + _random.Next(6),
                4 => "58:5:" + _random.Next(256),
                5 => _random.Next(90, 108).ToString(CultureInfo.InvariantCulture),
                6 => "0",
                7 => Pick(["53", "55", "59", "60"]),
                8 => "48:5:" + _random.Next(256),
                9 => "58;2;1;2;" + _random.Next(256),
                10 => "58:2::1:2:" + _random.Next(256),
                _ => Pick(["1", "2", "3", "4", "5", "7", "8", "9", "21", "22", "23", "24", "25", "27", "28", "29", "31", "36", "39", "41", "45", "47", "49"]),
            });
        }

        return text.Append('m').ToString();
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
