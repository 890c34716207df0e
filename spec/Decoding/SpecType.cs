using System.Text.Json;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>The type of a key: how its value is read, described to people and described in JSON schema.</summary>
/// <param name="label">For the reference: <c>duration</c>.</param>
/// <param name="read">Reads a value, or reports what is wrong with it.</param>
/// <param name="writeSchema">Writes the members of the JSON schema object.</param>
internal sealed class SpecType<T>(string label, Func<TomlValue, Reading, Parsed<T>> read, Action<Utf8JsonWriter> writeSchema)
{
    public string Label { get; } = label;

    public Func<TomlValue, Reading, Parsed<T>> Read { get; } = read;

    public Action<Utf8JsonWriter> WriteSchema { get; } = writeSchema;

    /// <summary>The same type with one more condition.</summary>
    /// <param name="problem">Says what is wrong with a value; null when nothing is.</param>
    /// <param name="label">Its label, where that differs.</param>
    public SpecType<T> Checked(Func<T, string?> problem, string? label = null) => new(
        label ?? Label,
        (value, reading) => Read(value, reading).Then<T>(result =>
        {
            if (problem(result) is { } message) return reading.Fail(value.Position, message);
            return result;
        }),
        WriteSchema);

    /// <summary>The same type, read into something else.</summary>
    public SpecType<TOther> Select<TOther>(Func<T, TOther> convert, string? label = null) => new(
        label ?? Label,
        (value, reading) => Read(value, reading).Then<TOther>(result => convert(result)),
        WriteSchema);
}
