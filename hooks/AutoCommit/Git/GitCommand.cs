namespace Sessiond.Hooks.AutoCommit;

/// <summary>One run of git, or of a program that git would run.</summary>
/// <param name="Arguments">Arguments; with <see cref="Program"/> null, of git.</param>
internal sealed record GitCommand(params IReadOnlyList<string> Arguments)
{
    /// <summary>What anything local may take: a tree of 100,000 files on a slow disk is read in less.</summary>
    internal static readonly TimeSpan LocalLimit = TimeSpan.FromMinutes(2);

    /// <summary>Another program than git.</summary>
    internal string? Program { get; init; }

    /// <summary>Its standard input; null: nothing.</summary>
    internal byte[]? Input { get; init; }

    /// <summary>Another index than the user's, GIT_INDEX_FILE.</summary>
    internal string? IndexFile { get; init; }

    /// <summary>Variables beside the usual ones.</summary>
    internal IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    /// <summary>It talks to a remote, and gets what opens it.</summary>
    internal bool IsRemote { get; init; }

    /// <summary>Time limit.</summary>
    internal TimeSpan Limit { get; init; } = LocalLimit;
}
