namespace Sessiond.Spec.Toml;

/// <summary>An array, written in brackets or grown by <c>[[headers]]</c>.</summary>
/// <param name="position">The opening bracket or the first header.</param>
/// <param name="ofTables">Whether headers may add to it.</param>
internal sealed class TomlArray(SourcePosition position, bool ofTables = false) : TomlValue(position)
{
    public List<TomlValue> Items { get; } = [];

    /// <summary>Grown by <c>[[headers]]</c>; an array in brackets is closed for ever.</summary>
    public bool OfTables { get; } = ofTables;

    public override string Description => "an array";
}
