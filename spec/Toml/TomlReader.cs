namespace Sessiond.Spec.Toml;

/// <summary>Reads TOML 1.1. After an error it goes on with the next statement, so that all are reported at once.</summary>
/// <remarks>Methods named Try report their error themselves and return false; the statement is then given up.</remarks>
internal sealed partial class TomlReader
{
    /// <summary>Tables and arrays inside each other. A spec needs six; more would only serve to exhaust the stack.</summary>
    public const int MaxDepth = 128;

    /// <summary>Errors reported per file: a binary file by mistake shall not fill the screen, or cost quadratic time.</summary>
    public const int MaxErrors = 50;

    private readonly TomlCursor _cursor;
    private readonly List<SpecError> _errors = [];
    private readonly TomlTable _root;
    private TomlTable _current;

    // Brackets and braces that are open; above zero after an error, the rest of the value spans lines.
    private int _open;

    private TomlReader(ReadOnlySpan<byte> utf8, string file)
    {
        _cursor = new TomlCursor(file, TomlCursor.Decode(utf8, file, (position, message) => Fail(position, message)));
        _root = _current = new TomlTable(_cursor.Position, TomlTableOrigin.Header, depth: 0);
    }

    /// <summary>Reads a whole document.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    /// <param name="file">Its name for messages.</param>
    public static TomlDocument Read(ReadOnlySpan<byte> utf8, string file)
    {
        var reader = new TomlReader(utf8, file);
        reader.ReadDocument();
        return new TomlDocument(reader._root, reader._errors);
    }

    private void ReadDocument()
    {
        while (!_cursor.AtEnd && _errors.Count < MaxErrors)
        {
            _cursor.SkipBlanks();
            if (_cursor.TryReadNewLine() || _cursor.AtEnd) continue;
            _open = 0;
            int errors = _errors.Count;
            if (!TryReadStatement() || !TryReadLineEnd()) SkipStatement();
            if (_errors.Count > errors) _current.Damage ??= _errors[errors];
        }
    }

    // expression = comment / keyval / table
    private bool TryReadStatement() => _cursor.Peek() switch
    {
        '#' => true,
        '[' => TryReadHeader(),
        _ => TryReadKeyValue(_current),
    };

    private bool TryReadLineEnd()
    {
        _cursor.SkipBlanks();
        ReadComment();
        if (_cursor.AtEnd || _cursor.TryReadNewLine()) return true;
        return Fail($"expected the end of the line, found {Found()}");
    }

    private void ReadComment()
    {
        if (_cursor.Peek() != '#') return;
        while (!_cursor.AtEnd && _cursor.Peek() != '\n' && !(_cursor.Peek() == '\r' && _cursor.Peek(1) == '\n'))
        {
            if (IsControl(_cursor.Peek())) Fail($"{Found()} is not allowed in a comment");
            _cursor.Advance();
        }
    }

    // std-table = "[" key "]"   array-table = "[[" key "]]"
    private bool TryReadHeader()
    {
        SourcePosition position = _cursor.Position;

        // Keys below a header that cannot be read belong to nobody; the table before must not get them.
        _current = new TomlTable(position, TomlTableOrigin.Header, depth: 0);
        bool ofTables = _cursor.Follows("[[");
        _cursor.Advance(ofTables ? 2 : 1);
        if (!TryReadKey(out List<TomlKeyPart> key)) return false;
        string close = ofTables ? "]]" : "]";
        bool closed = _cursor.Follows(close);
        if (closed) _cursor.Advance(close.Length);
        else Fail($"expected \"{close}\" after the table's name, found {Found()}");

        // Its name is known, so what follows belongs to it even when the header is not closed.
        if (!TryDescend(_root, key, byHeader: true, out TomlTable? parent)) return false;
        return (ofTables ? TryOpenElement(parent, key[^1], position) : TryOpenTable(parent, key[^1], position)) && closed;
    }

    private bool TryOpenTable(TomlTable parent, TomlKeyPart name, SourcePosition position)
    {
        if (parent.TryGet(name.Name, out TomlEntry present))
        {
            if (present.Value is not TomlTable { Origin: TomlTableOrigin.Implicit } table) return FailTaken(name, present);
            table.Origin = TomlTableOrigin.Header;
            _current = table;
            return true;
        }

        _current = new TomlTable(position, TomlTableOrigin.Header, parent.Depth + 1);
        parent.TryAdd(new TomlEntry(name.Name, name.Position, _current));
        return true;
    }

    private bool TryOpenElement(TomlTable parent, TomlKeyPart name, SourcePosition position)
    {
        TomlArray array;
        if (parent.TryGet(name.Name, out TomlEntry present))
        {
            if (present.Value is not TomlArray { OfTables: true } tables) return FailTaken(name, present);
            array = tables;
        }
        else
        {
            array = new TomlArray(position, ofTables: true);
            parent.TryAdd(new TomlEntry(name.Name, name.Position, array));
        }

        _current = new TomlTable(position, TomlTableOrigin.Header, parent.Depth + 2);
        array.Items.Add(_current);
        return true;
    }

    // keyval = key "=" val
    private bool TryReadKeyValue(TomlTable table)
    {
        if (!TryReadKey(out List<TomlKeyPart> key)) return false;
        if (_cursor.Peek() != '=')
        {
            table.Lose(key[0].Name);
            return Fail($"expected \"=\" after the key {Quote(key[^1].Name)}, found {Found()}");
        }

        _cursor.Advance();
        _cursor.SkipBlanks();
        if (!TryReadValue(table.Depth + key.Count, out TomlValue? value))
        {
            table.Lose(key[0].Name);
            return false;
        }

        if (!TryDescend(table, key, byHeader: false, out TomlTable? parent)) return false;
        TomlKeyPart last = key[^1];
        if (parent.TryAdd(new TomlEntry(last.Name, last.Position, value))) return true;
        parent.TryGet(last.Name, out TomlEntry present);
        return FailTaken(last, present);
    }

    private bool FailTaken(TomlKeyPart name, TomlEntry present) =>
        Fail(name.Position, $"{Quote(name.Name)} is already defined in line {present.KeyPosition.Line}");

    // Drops the rest of a statement that could not be read.
    private void SkipStatement()
    {
        do
        {
            _cursor.SkipLine();
            _cursor.TryReadNewLine();
        }
        while (_open > 0 && !_cursor.AtEnd && !LooksLikeStatement());
    }

    // Inside an array or inline table that went wrong, only a header or `key =` at the very start of a line is
    // taken for a new statement.
    private bool LooksLikeStatement()
    {
        int ahead = 0;
        while (IsBare(_cursor.Peek(ahead)) || _cursor.Peek(ahead) == '.') ahead++;
        if (ahead == 0) return _cursor.Peek() == '[' && (IsBare(_cursor.Peek(1)) || _cursor.Peek(1) == '[');
        while (_cursor.Peek(ahead) is ' ' or '\t') ahead++;
        return _cursor.Peek(ahead) == '=';
    }

    private bool Fail(string message) => Fail(_cursor.Position, message);

    private bool Fail(SourcePosition position, string message)
    {
        if (_errors.Count < MaxErrors) _errors.Add(new SpecError(position, message));
        return false;
    }

    private string Found() => _cursor.AtEnd ? "the end of the file" : Name(_cursor.Peek());

    private static string Name(char character) => character switch
    {
        '\n' => "the end of the line",
        '\r' => "a carriage return",
        '\t' => "a tab",
        _ when IsControl(character) || char.IsSurrogate(character) => $"character U+{(int)character:X4}",
        _ => $"\"{character}\"",
    };

    private static string Quote(string text) => '"' + SpecText.Printable(text) + '"';

    // Control characters other than tab are allowed nowhere in TOML.
    private static bool IsControl(char character) => character is (< ' ' and not '\t') or '\x7F';
}
