using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>A legal key of the table that is read into <typeparamref name="TRecord"/>.</summary>
internal sealed class SpecKey<TRecord> : SpecKey
{
    /// <summary>Gives the record with the key's value in it; the same record when the value is wrong, which is then reported.</summary>
    public required Func<TRecord, TomlValue, Reading, TRecord> Read { get; init; }
}
