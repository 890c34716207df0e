using Sessiond.Spec.Decoding;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec;

/// <summary>Puts layers together, weakest first: tables merge, sessions and long hooks merge by name, short hooks accumulate, all else replaces.</summary>
internal sealed class LayerMerge(Reading reading)
{
    /// <summary>The arrays of tables that merge by name.</summary>
    private static readonly string[] Named = ["sessions", "hook"];

    /// <summary>All layers so far, but the short hooks.</summary>
    public TomlTable Root { get; private set; } = new(default, TomlTableOrigin.Header, depth: 0);

    /// <summary>The same without what comes from the workspace.</summary>
    public TomlTable Image { get; private set; } = new(default, TomlTableOrigin.Header, depth: 0);

    /// <summary>The <c>[hooks]</c> of each layer that has one.</summary>
    public List<TomlTable> ShortHooks { get; } = [];

    /// <summary>Adds a stronger layer. Its second table of a name is reported and left out.</summary>
    /// <param name="layer">What it says.</param>
    /// <param name="isOfWorkspace">Whoever can write into the workspace wrote it.</param>
    public void Add(TomlTable layer, bool isOfWorkspace)
    {
        foreach (string key in Named)
        {
            if (layer.TryGet(key, out TomlArray? tables)) RemoveDuplicates(tables, key);
        }

        if (layer.TryGet("hooks", out TomlTable? hooks))
        {
            ShortHooks.Add(hooks);
            layer.Remove("hooks");
        }

        Root = Merge(Root, layer);
        if (!isOfWorkspace) Image = Merge(Image, layer);
    }

    /// <summary>Adds a layer that is weaker than all so far.</summary>
    /// <param name="layer">What it says.</param>
    /// <param name="isOfWorkspace">Whoever can write into the workspace wrote it.</param>
    public void AddBelow(TomlTable layer, bool isOfWorkspace)
    {
        if (layer.TryGet("hooks", out TomlTable? hooks))
        {
            ShortHooks.Insert(0, hooks);
            layer.Remove("hooks");
        }

        Root = Merge(layer, Root);
        if (!isOfWorkspace) Image = Merge(layer, Image);
    }

    /// <summary>Takes the workspace's words out of sessions and hooks of some users, where a layer above it gave one of its names to such a user.</summary>
    /// <param name="isForeign">Whether a workspace may not name this user.</param>
    public void ProtectNamed(Func<string, bool> isForeign)
    {
        foreach (string key in Named)
        {
            if (!Image.TryGet(key, out TomlArray? image) || !Root.TryGet(key, out TomlEntry entry) || entry.Value is not TomlArray all) continue;
            var ours = new Dictionary<string, TomlValue>(StringComparer.Ordinal);
            foreach (TomlTable table in image.Items.OfType<TomlTable>())
            {
                if (NameOf(table) is { } name && table.TryGet("user", out TomlString? user) && isForeign(user.Value)) ours[name] = table;
            }

            var merged = new TomlArray(all.Position, ofTables: true);
            merged.Items.AddRange(all.Items.Select(item => NameOf(item) is { } name && ours.TryGetValue(name, out TomlValue? own) ? own : item));
            Root.Set(entry with { Value = merged });
        }
    }

    /// <summary>The name of an element of a named array; null when it has none that could be compared.</summary>
    public static string? NameOf(TomlValue element) =>
        element is TomlTable table && table.TryGet("name", out TomlString? name) ? name.Value : null;

    private static TomlTable Merge(TomlTable weak, TomlTable strong)
    {
        var merged = new TomlTable(strong.Position, strong.Origin, strong.Depth) { Damage = weak.Damage ?? strong.Damage };
        foreach (string key in weak.LostKeys.Concat(strong.LostKeys)) merged.Lose(key);
        foreach (TomlEntry entry in weak.Entries) merged.Set(entry);
        foreach (TomlEntry entry in strong.Entries)
        {
            merged.TryGet(entry.Key, out TomlEntry present);
            TomlValue value = (present.Value, entry.Value) switch
            {
                (TomlTable below, TomlTable above) => Merge(below, above),
                (TomlArray below, TomlArray above) when weak.Depth == 0 && Named.Contains(entry.Key) => MergeByName(below, above),
                _ => entry.Value,
            };
            merged.Set(entry with { Value = value });
        }

        return merged;
    }

    private static TomlArray MergeByName(TomlArray weak, TomlArray strong)
    {
        var merged = new TomlArray(strong.Position, ofTables: true);
        merged.Items.AddRange(weak.Items);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < weak.Items.Count; i++)
        {
            if (NameOf(weak.Items[i]) is { } name) places[name] = i;
        }

        foreach (TomlValue item in strong.Items)
        {
            if (NameOf(item) is { } name && places.TryGetValue(name, out int place))
            {
                merged.Items[place] = Merge((TomlTable)merged.Items[place], (TomlTable)item);
            }
            else
            {
                merged.Items.Add(item);
            }
        }

        return merged;
    }

    private void RemoveDuplicates(TomlArray tables, string key)
    {
        var first = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        tables.Items.RemoveAll(item =>
        {
            if (NameOf(item) is not { } name || first.TryAdd(name, item.Position)) return false;
            SourcePosition position = ((TomlTable)item).PositionOf("name");
            reading.Fail(position, $"{key}: the name \"{SpecText.Printable(name)}\" is already taken in line {first[name].Line}; this one is left out");
            return true;
        });
    }
}
