namespace Sessiond.Hooks.AutoCommit;

/// <summary>Is told of changes of a worktree, on the watch's thread; must not block.</summary>
internal interface IWorktreeObserver
{
    /// <summary>Something in it changed.</summary>
    void WorktreeChanged();

    /// <summary>The user did something with git: another branch, a merge begun or ended, an index written.</summary>
    void GitChanged();

    /// <summary>Which files are ignored changed, or events were lost: watch anew.</summary>
    /// <param name="problem">What to say until then; null: nothing is amiss.</param>
    void WatchAnew(string? problem);
}
