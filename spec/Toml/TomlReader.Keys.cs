using System.Diagnostics.CodeAnalysis;

namespace Sessiond.Spec.Toml;

internal sealed partial class TomlReader
{
    // key = simple-key *( "." simple-key ); blanks around the dots
    private bool TryReadKey(out List<TomlKeyPart> key)
    {
        key = [];
        while (true)
        {
            _cursor.SkipBlanks();
            SourcePosition position = _cursor.Position;
            if (!TryReadSimpleKey(out string? name)) return false;
            key.Add(new TomlKeyPart(name, position));
            if (key.Count > MaxDepth) return Fail(position, $"a key has at most {MaxDepth} parts");
            _cursor.SkipBlanks();
            if (_cursor.Peek() != '.') return true;
            _cursor.Advance();
        }
    }

    // simple-key = bare / "basic" / 'literal'
    private bool TryReadSimpleKey([NotNullWhen(true)] out string? name)
    {
        name = null;
        char first = _cursor.Peek();
        if (first is '"' or '\'')
        {
            if (_cursor.Peek(1) == first && _cursor.Peek(2) == first) return Fail("a key cannot be a multi-line string");
            return first == '"' ? TryReadBasic(out name) : TryReadLiteral(out name);
        }

        int start = _cursor.At;
        while (IsBare(_cursor.Peek())) _cursor.Advance();
        if (_cursor.At == start) return Fail($"expected a key, found {Found()}");
        name = _cursor.Slice(start).ToString();
        return true;
    }

    // Finds or makes the tables that all parts but the last of a key name.
    private bool TryDescend(TomlTable from, List<TomlKeyPart> key, bool byHeader, [NotNullWhen(true)] out TomlTable? table)
    {
        table = from;
        for (int i = 0; i < key.Count - 1; i++)
        {
            TomlKeyPart part = key[i];
            if (!table.TryGet(part.Name, out TomlEntry present))
            {
                if (table.Depth >= MaxDepth) return Fail(part.Position, $"more than {MaxDepth} tables inside each other");
                TomlTableOrigin origin = byHeader ? TomlTableOrigin.Implicit : TomlTableOrigin.Dotted;
                var added = new TomlTable(part.Position, origin, table.Depth + 1);
                table.TryAdd(new TomlEntry(part.Name, part.Position, added));
                table = added;
                continue;
            }

            TomlTable? next = byHeader ? OpenToHeaders(present.Value) : OpenToDottedKeys(present.Value);
            if (next is null)
            {
                return Fail(part.Position, $"{Quote(part.Name)} is {present.Value.Description} defined in line {present.KeyPosition.Line} and cannot be added to here");
            }

            table = next;
        }

        return true;
    }

    private static TomlTable? OpenToHeaders(TomlValue value) => value switch
    {
        TomlTable { Origin: not TomlTableOrigin.Inline } table => table,
        TomlArray { OfTables: true } array => (TomlTable)array.Items[^1],
        _ => null,
    };

    private static TomlTable? OpenToDottedKeys(TomlValue value) =>
        value is TomlTable { Origin: TomlTableOrigin.Dotted } table ? table : null;

    private static bool IsBare(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-';
}
