namespace Sessiond.Spec;

/// <summary><c>[auto_commit]</c>: edits are committed and pushed by themselves.</summary>
public sealed record AutoCommitSpec
{
    /// <summary>Whether it is on at the start.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>After the last edit; 1 s to 3600 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Commits at last, under edits that never pause.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What is saved, relative to the app folder.</summary>
    public ValueList<string> Paths { get; init; } = ["."];

    /// <summary>What is not, beside .gitignore.</summary>
    public ValueList<string> Exclude { get; init; } = [];

    /// <summary>Larger files stay out, with a warning; bytes.</summary>
    public long MaxFile { get; init; } = 10L << 20;

    /// <summary>Commit message; <c>{files}</c> is the list of files.</summary>
    public string Message { get; init; } = "[AutoCommit] Updated {files}";

    /// <summary><c>branch</c> (the one checked out) or a full ref.</summary>
    public string Target { get; init; } = "branch";

    /// <summary>Whether the repository's commit and push hooks run.</summary>
    public bool Hooks { get; init; } = true;

    /// <summary>Whether commits are signed where the repository asks for it.</summary>
    public bool Sign { get; init; } = true;

    /// <summary>Whether commits are pushed.</summary>
    public bool Push { get; init; } = true;

    /// <summary>The remote.</summary>
    public string Remote { get; init; } = "origin";

    /// <summary>How often remote edits are merged in; null: never.</summary>
    public TimeSpan? Pull { get; init; }

    /// <summary>What happens when both sides changed the same.</summary>
    public ConflictPolicy Conflict { get; init; }

    /// <summary>A last commit and push inside the daemon's grace.</summary>
    public bool CommitOnStop { get; init; } = true;

    /// <summary>Author of the commits.</summary>
    public AuthorSpec Author { get; init; } = new();
}
