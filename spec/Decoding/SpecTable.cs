using System.Text.Json;

namespace Sessiond.Spec.Decoding;

/// <summary>The legal keys of a table.</summary>
/// <param name="name">As a header names it: <c>daemon</c>, <c>[hook]</c> for an array of tables, <c>sessions.restart</c>.</param>
/// <param name="doc">What it is about, one sentence.</param>
internal abstract class SpecTable(string name, string doc)
{
    /// <summary>Keys with this prefix are left alone everywhere: notes, or other programs' settings.</summary>
    private const string ForeignPrefix = "x-";

    /// <summary>Whether a key is none of ours.</summary>
    public static bool IsForeign(string key) => key.StartsWith(ForeignPrefix, StringComparison.Ordinal);

    public string Name { get; } = name;

    public string Doc { get; } = doc;

    public abstract IReadOnlyList<SpecKey> Keys { get; }

    /// <summary>Writes the members of its JSON schema object.</summary>
    public void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        json.WriteString("description", Doc);
        json.WriteStartObject("properties");
        foreach (SpecKey key in Keys)
        {
            foreach (string name in key.Aliases.Prepend(key.Name)) WriteProperty(json, name, key);
        }

        json.WriteEndObject();
        json.WriteStartObject("patternProperties");
        json.WriteStartObject("^" + ForeignPrefix);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", false);
        if (Keys.All(key => key.Default is not null)) return;
        json.WriteStartArray("required");
        foreach (SpecKey key in Keys.Where(key => key.Default is null)) json.WriteStringValue(key.Name);
        json.WriteEndArray();
    }

    private static void WriteProperty(Utf8JsonWriter json, string name, SpecKey key)
    {
        json.WriteStartObject(name);
        key.WriteSchema(json);
        json.WriteEndObject();
    }
}
