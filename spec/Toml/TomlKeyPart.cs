namespace Sessiond.Spec.Toml;

/// <summary>One part of a dotted key.</summary>
internal readonly record struct TomlKeyPart(string Name, SourcePosition Position);
