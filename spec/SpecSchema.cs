using System.Text.Json;
using Sessiond.Spec.Keys;

namespace Sessiond.Spec;

/// <summary>The legal keys as a JSON schema, for editors that check TOML with one.</summary>
public static class SpecSchema
{
    /// <summary>Writes the schema (draft 2020-12), indented.</summary>
    /// <param name="output">Where to; stays open.</param>
    public static void WriteJson(Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("title", "sessiond spec");
        RootKeys.Root.WriteSchema(json);
        json.WriteEndObject();
    }
}
