namespace Sessiond.Hooks.AutoCommit;

/// <summary>A file that differs between HEAD, index and worktree: a line of git-status(1), porcelain version 2.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Staged">HEAD to index: a letter, or a dot for no difference.</param>
/// <param name="Unstaged">Index to worktree, likewise; a question mark for an untracked file.</param>
/// <param name="IsSubmodule">A submodule, as HEAD or the index has it.</param>
/// <param name="IndexId">Blob in the index; null where there is none.</param>
internal readonly record struct ChangedFile(GitPath Path, char Staged, char Unstaged, bool IsSubmodule, string? IndexId)
{
    /// <summary>Not in the index.</summary>
    internal bool IsUntracked => Unstaged == '?';

    /// <summary>Not in the worktree any more.</summary>
    internal bool IsDeleted => Unstaged == 'D' || (Unstaged == '.' && Staged == 'D');

    /// <summary>The index holds a version of its own that is neither committed nor in the worktree.</summary>
    internal bool IsPartlyStaged => IndexId is not null && Staged is not ('.' or 'D') && Unstaged is not ('.' or '?');

    /// <summary>The letter of a list of changes: A, M or D.</summary>
    internal char Letter => IsDeleted ? 'D' : IsUntracked || Staged == 'A' || (Staged == '.' && Unstaged == 'A') ? 'A' : 'M';
}
