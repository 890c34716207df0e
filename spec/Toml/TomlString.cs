namespace Sessiond.Spec.Toml;

/// <summary>A string of any of the four notations.</summary>
internal sealed class TomlString(SourcePosition position, string value) : TomlValue(position)
{
    public string Value { get; } = value;

    public override string Description => "a string";
}
