namespace Sessiond.Spec;

/// <summary>A folder that sessiond clones for one session and removes when the session is terminated.</summary>
public sealed record SessionWorkspaceSpec
{
    /// <summary>URL of the repository.</summary>
    public string Git { get; init; } = "";

    /// <summary>Branch, tag or commit; null: the repository's default branch.</summary>
    public string? Ref { get; init; }
}
