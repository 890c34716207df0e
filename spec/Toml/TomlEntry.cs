namespace Sessiond.Spec.Toml;

/// <summary>A key and its value.</summary>
internal readonly record struct TomlEntry(string Key, SourcePosition KeyPosition, TomlValue Value);
