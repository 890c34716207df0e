using System.Diagnostics.CodeAnalysis;

namespace Sessiond.Spec.Toml;

/// <summary>A table. Keys keep the order in which they were written.</summary>
internal sealed class TomlTable(SourcePosition position, TomlTableOrigin origin, int depth) : TomlValue(position)
{
    private readonly OrderedDictionary<string, TomlEntry> _entries = [];
    private HashSet<string>? _lostKeys;

    public TomlTableOrigin Origin { get; set; } = origin;

    /// <summary>Tables and arrays around it; the root has 0.</summary>
    public int Depth { get; } = depth;

    /// <summary>The first error of a statement inside it: what the table says is then not what its writer meant.</summary>
    public SpecError? Damage { get; set; }

    /// <summary>Keys whose statement could not be read.</summary>
    public IEnumerable<string> LostKeys => _lostKeys ?? [];

    public override string Description => "a table";

    public IEnumerable<TomlEntry> Entries => _entries.Values;

    public int Count => _entries.Count;

    public bool TryGet(string key, out TomlEntry entry) => _entries.TryGetValue(key, out entry);

    public bool TryGet<T>(string key, [NotNullWhen(true)] out T? value)
        where T : TomlValue
    {
        value = _entries.TryGetValue(key, out TomlEntry entry) ? entry.Value as T : null;
        return value is not null;
    }

    public bool TryAdd(TomlEntry entry) => _entries.TryAdd(entry.Key, entry);

    /// <summary>Adds the entry, or puts it in the place of one with the same key.</summary>
    public void Set(TomlEntry entry) => _entries[entry.Key] = entry;

    /// <summary>The first error inside this table or the tables in it; null when all of it could be read.</summary>
    public SpecError? FirstDamage() =>
        Damage ?? Entries.Select(entry => (entry.Value as TomlTable)?.FirstDamage()).FirstOrDefault(damage => damage is not null);

    /// <summary>Notes that the statement of a key could not be read.</summary>
    public void Lose(string key) => (_lostKeys ??= new(StringComparer.Ordinal)).Add(key);

    public void Remove(string key) => _entries.Remove(key);

    /// <summary>Where a key stands; without that key, where the table does.</summary>
    public SourcePosition PositionOf(string key) =>
        _entries.TryGetValue(key, out TomlEntry entry) ? entry.KeyPosition : Position;
}
