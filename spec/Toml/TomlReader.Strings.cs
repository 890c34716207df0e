using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Sessiond.Spec.Toml;

internal sealed partial class TomlReader
{
    private bool TryReadString(SourcePosition position, [NotNullWhen(true)] out TomlValue? value)
    {
        char quote = _cursor.Peek();
        bool multiLine = _cursor.Peek(1) == quote && _cursor.Peek(2) == quote;
        string? text;
        bool read = (quote, multiLine) switch
        {
            ('"', false) => TryReadBasic(out text),
            ('\'', false) => TryReadLiteral(out text),
            _ => TryReadMultiLine(position, quote, out text),
        };
        value = read ? new TomlString(position, text!) : null;
        return read;
    }

    // basic-string: escapes, no line end
    private bool TryReadBasic([NotNullWhen(true)] out string? value)
    {
        value = null;
        SourcePosition position = _cursor.Position;
        var text = new StringBuilder();
        _cursor.Advance();
        while (_cursor.Peek() != '"')
        {
            if (AtLineEnd()) return Fail(position, "this string is not closed");
            if (_cursor.Peek() == '\\') ReadEscape(text);
            else ReadCharacter(text);
        }

        _cursor.Advance();
        value = text.ToString();
        return true;
    }

    // literal-string: no escapes, no line end
    private bool TryReadLiteral([NotNullWhen(true)] out string? value)
    {
        value = null;
        SourcePosition position = _cursor.Position;
        var text = new StringBuilder();
        _cursor.Advance();
        while (_cursor.Peek() != '\'')
        {
            if (AtLineEnd()) return Fail(position, "this string is not closed");
            ReadCharacter(text);
        }

        _cursor.Advance();
        value = text.ToString();
        return true;
    }

    // ml-basic-string and ml-literal-string: three quotes; a line end right after them does not count
    private bool TryReadMultiLine(SourcePosition position, char quote, [NotNullWhen(true)] out string? value)
    {
        value = null;
        int start = _cursor.At;
        var text = new StringBuilder();
        _cursor.Advance(3);
        _cursor.TryReadNewLine();
        while (!_cursor.AtEnd)
        {
            char next = _cursor.Peek();
            if (next == quote)
            {
                if (TryReadQuotes(quote, text)) return (value = text.ToString()) is not null;
            }
            else if (next == '\\' && quote == '"')
            {
                if (!TryReadLineContinuation()) ReadEscape(text);
            }
            else if (!TryReadLineEndInto(text))
            {
                ReadCharacter(text);
            }
        }

        // The lines below are more likely statements than text; they are read as such.
        _cursor.Rewind(start, position);
        return Fail(position, "this multi-line string is not closed");
    }

    // One or two quotes are text, and may stand right before the three that close: up to five in a row.
    private bool TryReadQuotes(char quote, StringBuilder text)
    {
        int count = 1;
        while (count < 5 && _cursor.Peek(count) == quote) count++;
        _cursor.Advance(count);
        text.Append(quote, count < 3 ? count : count - 3);
        return count >= 3;
    }

    // "\" at the end of a line drops everything up to the next character that is no white space.
    private bool TryReadLineContinuation()
    {
        int ahead = 1;
        while (_cursor.Peek(ahead) is ' ' or '\t') ahead++;
        if (_cursor.Peek(ahead) != '\n' && !(_cursor.Peek(ahead) == '\r' && _cursor.Peek(ahead + 1) == '\n')) return false;
        _cursor.Advance();
        do
        {
            _cursor.SkipBlanks();
        }
        while (_cursor.TryReadNewLine());
        return true;
    }

    private bool TryReadLineEndInto(StringBuilder text)
    {
        int start = _cursor.At;
        if (!_cursor.TryReadNewLine()) return false;
        text.Append(_cursor.Slice(start));
        return true;
    }

    private void ReadCharacter(StringBuilder text)
    {
        char character = _cursor.Peek();
        if (IsControl(character)) Fail($"{Name(character)} is not allowed in a string{(character == '\r' ? "" : "; write it as an escape")}");
        text.Append(character);
        _cursor.Advance();
    }

    // A wrong escape is reported and the string goes on, for where it ends is still known.
    private void ReadEscape(StringBuilder text)
    {
        SourcePosition position = _cursor.Position;
        char kind = _cursor.Peek(1);
        int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            ReadCodePoint(position, kind, digits, text);
            return;
        }

        char? character = kind switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            'e' => '\x1B',
            '"' => '"',
            '\\' => '\\',
            _ => null,
        };
        if (character is null)
        {
            Fail(position, "unknown escape; a backslash itself is written \"\\\\\", or use 'single quotes'");
            _cursor.Advance();
            return;
        }

        text.Append(character);
        _cursor.Advance(2);
    }

    private void ReadCodePoint(SourcePosition position, char kind, int digits, StringBuilder text)
    {
        _cursor.Advance(2);
        int start = _cursor.At;
        while (_cursor.At - start < digits && char.IsAsciiHexDigit(_cursor.Peek())) _cursor.Advance();
        ReadOnlySpan<char> hex = _cursor.Slice(start);
        if (hex.Length < digits)
        {
            Fail(position, $"\\{kind} needs {digits} hexadecimal digits");
        }
        else if (!Rune.TryCreate(uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out Rune rune))
        {
            Fail(position, $"U+{hex} is not a Unicode scalar value");
        }
        else
        {
            text.Append(rune.ToString());
        }
    }

    private bool AtLineEnd() => _cursor.AtEnd || _cursor.Peek() == '\n' || (_cursor.Peek() == '\r' && _cursor.Peek(1) == '\n');
}
