namespace Sessiond.Spec;

/// <summary>Where the layers of a spec are looked for, weakest first. Those that do not exist are left out.</summary>
public sealed record SpecLayers
{
    /// <summary>The image's file.</summary>
    public string SystemFile { get; init; } = "/etc/sessiond/sessiond.toml";

    /// <summary>The image's folder of further files, read in the ordinal order of their names.</summary>
    public string SystemFolder { get; init; } = "/etc/sessiond/conf.d";

    /// <summary>Name of the file in the workspace and in its app folder.</summary>
    public string WorkspaceFileName { get; init; } = ".sessiond.toml";

    /// <summary>The platform's file, the strongest.</summary>
    public string OverlayFile { get; init; } = "/run/sessiond/overlay.toml";
}
