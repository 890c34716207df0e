namespace Sessiond.Spec.Toml;

/// <summary>What a file says, as far as it could be read, and all that was wrong with it.</summary>
internal sealed record TomlDocument(TomlTable Root, IReadOnlyList<SpecError> Errors);
