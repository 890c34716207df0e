namespace Sessiond.Cli.Client;

/// <summary>A devbox that the user has a name for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Url">Address of its endpoint.</param>
/// <param name="TokenFile">The file with the token; null: none.</param>
/// <param name="Resume">Command that brings it back when it does not answer; null: none.</param>
internal sealed record Devbox(string Name, string Url, string? TokenFile, string? Resume);
