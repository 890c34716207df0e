namespace Sessiond.Spec.Toml;

/// <summary>true or false.</summary>
internal sealed class TomlBoolean(SourcePosition position, bool value) : TomlValue(position)
{
    public bool Value { get; } = value;

    public override string Description => "a boolean";
}
