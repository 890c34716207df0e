using System.Diagnostics.CodeAnalysis;

namespace Sessiond.Spec.Toml;

internal sealed partial class TomlReader
{
    private bool TryReadValue(int depth, [NotNullWhen(true)] out TomlValue? value)
    {
        value = null;
        SourcePosition position = _cursor.Position;
        if (depth > MaxDepth) return Fail(position, $"more than {MaxDepth} tables and arrays inside each other");
        return _cursor.Peek() switch
        {
            '"' or '\'' => TryReadString(position, out value),
            '[' => TryReadArray(position, depth, out value),
            '{' => TryReadInlineTable(position, depth, out value),
            _ => TryReadScalar(position, out value),
        };
    }

    // array = "[" [ val *( "," val ) [ "," ] ] "]", with line ends and comments anywhere between
    private bool TryReadArray(SourcePosition position, int depth, [NotNullWhen(true)] out TomlValue? value)
    {
        value = null;
        var array = new TomlArray(position);
        Open();
        while (true)
        {
            SkipTrivia();
            if (_cursor.Peek() == ']') break;
            if (_cursor.AtEnd) return Fail(position, "this array is not closed");
            if (!TryReadValue(depth + 1, out TomlValue? item)) return false;
            array.Items.Add(item);
            SkipTrivia();
            if (_cursor.AtEnd) return Fail(position, "this array is not closed");
            if (_cursor.Peek() == ']') break;
            if (_cursor.Peek() != ',') return Fail($"expected \",\" or \"]\" in the array, found {Found()}");
            _cursor.Advance();
        }

        Close();
        value = array;
        return true;
    }

    // inline-table = "{" [ keyval *( "," keyval ) [ "," ] ] "}", since TOML 1.1 with line ends and comments
    private bool TryReadInlineTable(SourcePosition position, int depth, [NotNullWhen(true)] out TomlValue? value)
    {
        value = null;
        var table = new TomlTable(position, TomlTableOrigin.Inline, depth);
        Open();
        while (true)
        {
            SkipTrivia();
            if (_cursor.Peek() == '}') break;
            if (_cursor.AtEnd) return Fail(position, "this inline table is not closed");
            if (!TryReadKeyValue(table)) return false;
            SkipTrivia();
            if (_cursor.AtEnd) return Fail(position, "this inline table is not closed");
            if (_cursor.Peek() == '}') break;
            if (_cursor.Peek() != ',') return Fail($"expected \",\" or \"}}\" in the inline table, found {Found()}");
            _cursor.Advance();
        }

        Close();
        value = table;
        return true;
    }

    private void Open()
    {
        _open++;
        _cursor.Advance();
    }

    private void Close()
    {
        _open--;
        _cursor.Advance();
    }

    // ws-comment-newline
    private void SkipTrivia()
    {
        do
        {
            _cursor.SkipBlanks();
            ReadComment();
        }
        while (_cursor.TryReadNewLine());
    }

    // Booleans, numbers, dates and times: taken as one token, which is then looked at as a whole.
    private bool TryReadScalar(SourcePosition position, [NotNullWhen(true)] out TomlValue? value)
    {
        value = null;
        int start = _cursor.At;
        SkipToken();
        ReadOnlySpan<char> token = _cursor.Slice(start);
        if (token.IsEmpty) return Fail(position, $"expected a value, found {Found()}");

        // RFC 3339 allows a blank between date and time.
        if (token.Length == 10 && token[4] == '-' && _cursor.Peek() == ' ' && char.IsAsciiDigit(_cursor.Peek(1)))
        {
            _cursor.Advance();
            SkipToken();
            token = _cursor.Slice(start);
        }

        value = token switch
        {
            "true" => new TomlBoolean(position, true),
            "false" => new TomlBoolean(position, false),
            _ when TomlDateTimeSyntax.LooksLike(token) => TomlDateTimeSyntax.Parse(token, position),
            _ => TomlNumberSyntax.Parse(token, position),
        };
        if (value is not null) return true;
        string text = SpecText.Shorten(token.ToString());
        return Fail(position, char.IsAsciiLetter(token[0])
            ? $"{Quote(text)} is not a value; text needs quotes"
            : $"{Quote(text)} is not a valid {(TomlDateTimeSyntax.LooksLike(token) ? "date or time" : "number")}");
    }

    private void SkipToken()
    {
        while (IsBare(_cursor.Peek()) || _cursor.Peek() is '+' or '.' or ':') _cursor.Advance();
    }
}
