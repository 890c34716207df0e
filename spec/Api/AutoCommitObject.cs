namespace Sessiond.Spec.Api;

/// <summary>GET /v1/auto-commit.</summary>
public sealed record AutoCommitObject
{
    /// <summary>Whether it is on.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Time after the last edit, such as <c>5s</c>.</summary>
    public required string Interval { get; init; }

    /// <summary><c>off</c>, <c>watching</c>, <c>waiting</c>, <c>committing</c>, <c>pushing</c>, <c>blocked</c> or <c>offline</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is in its state, and what is left out.</summary>
    public string? Reason { get; init; }

    /// <summary>The newest commit of what it saves to.</summary>
    public AutoCommitCommit? LastCommit { get; init; }

    /// <summary>When this daemon last pushed.</summary>
    public DateTimeOffset? LastPushAt { get; init; }

    /// <summary>Commits that the remote has not.</summary>
    public int? Ahead { get; init; }

    /// <summary>Commits that the remote has and we have not, as of the last fetch.</summary>
    public int? Behind { get; init; }

    /// <summary>Files that differ from the last save.</summary>
    public int? Uncommitted { get; init; }

    /// <summary>Commits that are nowhere else.</summary>
    public int? Unpushed { get; init; }

    /// <summary>The last failure in git's words, until the next success.</summary>
    public string? Error { get; init; }

    /// <summary>The session whose own workspace it is; null: the devbox's.</summary>
    public string? Session { get; init; }
}
