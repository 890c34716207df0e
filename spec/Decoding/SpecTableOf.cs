using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>The legal keys of a table and how they are read into a record.</summary>
internal sealed class SpecTable<TRecord>(string name, string doc) : SpecTable(name, doc)
{
    private readonly Dictionary<string, SpecKey<TRecord>> _byName = new(StringComparer.Ordinal);
    private readonly List<SpecKey<TRecord>> _keys = [];

    public override IReadOnlyList<SpecKey> Keys => _keys;

    /// <summary>Adds a key.</summary>
    /// <param name="name">The key.</param>
    /// <param name="type">Its type.</param>
    /// <param name="default">Its default as TOML, or in parentheses as prose; null: the key is required.</param>
    /// <param name="doc">What it says, one sentence.</param>
    /// <param name="set">Gives the record with the value in it.</param>
    /// <param name="aliases">Other names that are accepted.</param>
    public SpecTable<TRecord> Key<TValue>(
        string name, SpecType<TValue> type, string? @default, string doc, Func<TRecord, TValue, TRecord> set, params string[] aliases)
    {
        var key = new SpecKey<TRecord>
        {
            Name = name,
            Aliases = aliases,
            Label = type.Label,
            Default = @default,
            Doc = doc,
            WriteSchema = json =>
            {
                type.WriteSchema(json);
                json.WriteString("description", doc);
            },
            Read = (record, value, reading) => type.Read(value, reading).TryGet(out TValue? read) ? set(record, read) : record,
        };
        _keys.Add(key);
        foreach (string legal in aliases.Prepend(name)) _byName.Add(legal, key);
        return this;
    }

    /// <summary>Reads a table. Keys that are wrong are reported and leave the record as it was.</summary>
    public TRecord Read(TomlTable table, TRecord start, Reading reading)
    {
        TRecord record = start;
        var seen = new HashSet<SpecKey>();
        foreach (TomlEntry entry in table.Entries)
        {
            if (IsForeign(entry.Key)) continue;
            if (!_byName.TryGetValue(entry.Key, out SpecKey<TRecord>? key))
            {
                reading.FailUnknown(entry, _byName.Keys);
            }
            else if (!seen.Add(key))
            {
                reading.Fail(entry.KeyPosition, $"\"{entry.Key}\" and another name of the same key are both given");
            }
            else
            {
                TRecord before = record;
                record = reading.Within(entry.Key, () => key.Read(before, entry.Value, reading));
            }
        }

        foreach (SpecKey key in _keys.Where(key => key.Default is null && !seen.Contains(key)))
        {
            reading.Fail(table.Position, $"\"{key.Name}\" is missing");
        }

        return record;
    }
}
