namespace Sessiond.Spec;

/// <summary><c>[release]</c>: how a newer version is noticed.</summary>
public sealed record ReleaseSpec
{
    /// <summary>A file or URL that names the newest version; empty: only the binary on disk is compared.</summary>
    public string Feed { get; init; } = "";
}
