namespace Sessiond.Spec.Toml;

/// <summary>A 64-bit integer of any of the four bases.</summary>
internal sealed class TomlInteger(SourcePosition position, long value) : TomlValue(position)
{
    public long Value { get; } = value;

    public override string Description => "an integer";
}
