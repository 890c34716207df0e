namespace Sessiond.Spec.Toml;

/// <summary>A value of a TOML document and the place of its first character.</summary>
internal abstract class TomlValue(SourcePosition position)
{
    /// <summary>Where the value begins; for a table that a header opens, the header.</summary>
    public SourcePosition Position { get; } = position;

    /// <summary>What it is, for messages: "a string".</summary>
    public abstract string Description { get; }
}
