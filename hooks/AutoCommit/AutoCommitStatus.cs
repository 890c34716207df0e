namespace Sessiond.Hooks.AutoCommit;

/// <summary>Where an auto-commit stands. Numbers are null where nobody knows.</summary>
public sealed record AutoCommitStatus
{
    /// <summary>It is on.</summary>
    public bool Enabled { get; init; }

    /// <summary>Time after the last edit.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>What it does.</summary>
    public AutoCommitState State { get; init; }

    /// <summary>Why, or what is to be known: files that are left out, polling instead of watching.</summary>
    public string? Reason { get; init; }

    /// <summary>The newest commit of what it saves to.</summary>
    public LastCommit? LastCommit { get; init; }

    /// <summary>When it was last pushed, by this daemon.</summary>
    public DateTimeOffset? LastPushAt { get; init; }

    /// <summary>Commits that the remote has not.</summary>
    public int? Ahead { get; init; }

    /// <summary>Commits that the remote has and we have not, as of the last fetch.</summary>
    public int? Behind { get; init; }

    /// <summary>Files that differ from the last save, those that are left out included.</summary>
    public int? Uncommitted { get; init; }

    /// <summary>Commits that are nowhere else.</summary>
    public int? Unpushed => Ahead;

    /// <summary>The last failure, in git's words, until the next success.</summary>
    public string? Error { get; init; }
}
