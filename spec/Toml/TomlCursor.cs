using System.Text;
using System.Text.Unicode;

namespace Sessiond.Spec.Toml;

/// <summary>The text of a document and the place up to which it is read.</summary>
internal sealed class TomlCursor
{
    /// <summary>What <see cref="Peek"/> gives behind the last character; no TOML text may hold it.</summary>
    public const char End = '\0';

    private readonly string _file;
    private readonly string _text;
    private int _line = 1;

    // The column of the character at _counted, which is on the current line and not behind _at. Columns are
    // counted onwards from it, so that a very long line costs linear time.
    private int _column = 1;
    private int _counted;

    public TomlCursor(string file, string text)
    {
        _file = file;
        _text = text;
        if (text.StartsWith('\uFEFF')) At = _counted = 1;
    }

    /// <summary>Index of the next character.</summary>
    public int At { get; private set; }

    public bool AtEnd => At >= _text.Length;

    public SourcePosition Position
    {
        get
        {
            for (; _counted < At; _counted++)
            {
                if (!char.IsLowSurrogate(_text[_counted])) _column++;
            }

            return new SourcePosition(_file, _line, _column);
        }
    }

    /// <summary>Decodes strictly. Each line with bytes that are no UTF-8 is one error; they become U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> utf8, string file, Action<SourcePosition, string> fail)
    {
        if (!Utf8.IsValid(utf8))
        {
            int line = 1, column = 1, reported = 0;
            for (ReadOnlySpan<byte> rest = utf8; !rest.IsEmpty;)
            {
                bool valid = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
                if (!valid && reported != line)
                {
                    fail(new SourcePosition(file, line, column), $"byte 0x{rest[0]:X2} is not UTF-8");
                    reported = line;
                }

                (line, column) = valid && rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
                rest = rest[length..];
            }
        }

        return Encoding.UTF8.GetString(utf8);
    }

    public char Peek(int ahead = 0) => At + ahead < _text.Length ? _text[At + ahead] : End;

    public bool Follows(string text) => string.CompareOrdinal(_text, At, text, 0, text.Length) == 0;

    /// <summary>Passes characters of the current line.</summary>
    public void Advance(int count = 1) => At += count;

    public ReadOnlySpan<char> Slice(int start) => _text.AsSpan(start, At - start);

    /// <summary>Passes LF or CRLF, the only line ends of TOML.</summary>
    public bool TryReadNewLine()
    {
        int length = Peek() == '\n' ? 1 : Peek() == '\r' && Peek(1) == '\n' ? 2 : 0;
        if (length == 0) return false;
        At += length;
        _line++;
        _column = 1;
        _counted = At;
        return true;
    }

    /// <summary>Passes spaces and tabs.</summary>
    public void SkipBlanks()
    {
        while (Peek() is ' ' or '\t') At++;
    }

    /// <summary>Passes everything up to the end of the line, which stays unread.</summary>
    public void SkipLine()
    {
        int length = _text.AsSpan(At).IndexOf('\n');
        At = length < 0 ? _text.Length : At + length;
    }

    /// <summary>Goes back to a position that was current before.</summary>
    public void Rewind(int at, SourcePosition position)
    {
        At = _counted = at;
        _line = position.Line;
        _column = position.Column;
    }
}
