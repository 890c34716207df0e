namespace Sessiond.Spec.Toml;

/// <summary>A date, a time or both. No key of the spec has this type, so it stays text.</summary>
internal sealed class TomlDateTime(SourcePosition position, TomlDateTimeKind kind, string text) : TomlValue(position)
{
    public TomlDateTimeKind Kind { get; } = kind;

    /// <summary>As RFC 3339 writes it: <c>T</c> and <c>Z</c> in upper case, the seconds present.</summary>
    public string Text { get; } = text;

    public override string Description => "a date or time";
}
