namespace Sessiond.Daemon;

/// <summary>The command line of <c>sessiond serve</c>.</summary>
public sealed record ServeOptions
{
    /// <summary>A spec file that replaces all layers; null: the layers.</summary>
    public string? SpecPath { get; init; }

    /// <summary>Path of the Unix socket; null: the default.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Folder for logs and markers; null: the spec's, else the default.</summary>
    public string? StateDir { get; init; }

    /// <summary>TCP listeners, HOST:PORT, beside those of the spec.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];
}
