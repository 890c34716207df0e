namespace Sessiond.Hooks.AutoCommit;

/// <summary>What became of a save.</summary>
internal sealed record SaveResult
{
    /// <summary>The commit that was made; null: there was nothing to save, or it was not saved.</summary>
    internal string? Commit { get; init; }

    /// <summary>Its subject.</summary>
    internal string? Subject { get; init; }

    /// <summary>Why nothing was done; null: nothing stood in the way.</summary>
    internal string? Blocked { get; init; }

    /// <summary>It is in the way for a moment only: try again soon.</summary>
    internal bool IsPassing { get; init; }

    /// <summary>Git's words, where it failed.</summary>
    internal string? Error { get; init; }

    /// <summary>Files that differ from what is saved, after the save.</summary>
    internal int Uncommitted { get; init; }

    /// <summary>Files that are left out.</summary>
    internal IReadOnlyList<LeftOut> Left { get; init; } = [];
}
