namespace Sessiond.Spec.Toml;

/// <summary>A float, infinity and NaN included.</summary>
internal sealed class TomlFloat(SourcePosition position, double value) : TomlValue(position)
{
    public double Value { get; } = value;

    public override string Description => "a float";
}
