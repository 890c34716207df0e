using System.Text.Json;

namespace Sessiond.Spec.Decoding;

/// <summary>A legal key, as the reference, the JSON schema and the search for the nearest key see it.</summary>
internal abstract class SpecKey
{
    public required string Name { get; init; }

    /// <summary>Other names that are accepted for it.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Its type in a word or two.</summary>
    public required string Label { get; init; }

    /// <summary>Its default as TOML, or in parentheses as prose; null: the key is required.</summary>
    public required string? Default { get; init; }

    /// <summary>What it says, one sentence.</summary>
    public required string Doc { get; init; }

    /// <summary>Writes the members of its JSON schema object.</summary>
    public required Action<Utf8JsonWriter> WriteSchema { get; init; }
}
