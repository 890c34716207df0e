using System.Globalization;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec;

/// <summary>What each layer says, key by key, for those who ask where a value comes from.</summary>
internal sealed class LayerKeys
{
    private readonly List<(string Key, SourcePosition Position, string Value)> _said = [];

    /// <summary>Notes a layer before it is merged.</summary>
    public void Add(TomlTable layer) => Walk(layer, "", _said);

    /// <summary>What was said, in the order of the layers, and what of it the merged layers still say.</summary>
    public IReadOnlyList<SpecContribution> Compare(TomlTable merged)
    {
        var counts = new List<(string Key, SourcePosition Position, string Value)>();
        Walk(merged, "", counts);
        Dictionary<string, SourcePosition> places = counts.GroupBy(item => item.Key).ToDictionary(group => group.Key, group => group.Last().Position);
        var result = new List<SpecContribution>();
        foreach ((string key, SourcePosition position, string value) in _said)
        {
            bool isAdded = key.StartsWith("hooks.", StringComparison.Ordinal);
            SpecError? other = !isAdded && places.TryGetValue(key, out SourcePosition place) && place != position ? new SpecError(place, key) : null;
            result.Add(new SpecContribution(new SpecError(position, $"{key} = {value}"), other, isAdded));
        }

        return result;
    }

    private static void Walk(TomlTable table, string path, List<(string, SourcePosition, string)> found)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            string key = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            // Each file has a version of the format of its own.
            if (key == "schema") continue;
            bool isNamed = path.Length == 0 && entry.Key is "sessions" or "hook";
            if (entry.Value is TomlTable inner) Walk(inner, key, found);
            else if (isNamed && entry.Value is TomlArray array) WalkNamed(array, key, found);
            else found.Add((SpecText.Printable(key), entry.KeyPosition, Text(entry.Value)));
        }
    }

    private static void WalkNamed(TomlArray array, string key, List<(string, SourcePosition, string)> found)
    {
        for (int i = 0; i < array.Items.Count; i++)
        {
            if (array.Items[i] is not TomlTable table) continue;
            string name = LayerMerge.NameOf(table) ?? (i + 1).ToString(CultureInfo.InvariantCulture);
            int before = found.Count;
            Walk(table, $"{key}[{name}]", found);
            // That it has a name is said by every other key of it.
            if (found.Count > before + 1) found.RemoveAll(item => item.Item1 == $"{key}[{name}].name" && item.Item2.File == table.Position.File);
        }
    }

    private static string Text(TomlValue value) => value switch
    {
        TomlString text => $"\"{SpecText.Printable(text.Value)}\"",
        TomlInteger number => number.Value.ToString(CultureInfo.InvariantCulture),
        TomlBoolean flag => flag.Value ? "true" : "false",
        TomlArray array => $"[{SpecText.Shorten(string.Join(", ", array.Items.Select(Text)))}]",
        TomlTable table => $"{{ {SpecText.Shorten(string.Join(", ", table.Entries.Select(entry => $"{entry.Key} = {Text(entry.Value)}")))} }}",
        _ => value.Description,
    };
}
