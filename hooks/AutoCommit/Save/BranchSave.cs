using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// One save to the branch that is checked out. The commit is built in indexes of its own; the user's branch and index change at the end, while we hold the index's lock, and only
/// if both are as they were when the save began.
/// </summary>
internal sealed class BranchSave
{
    private readonly Repository _repository;
    private readonly AutoCommitSpec _spec;
    private readonly SaveScope _scope;
    private readonly CommitWriter _writer;
    private readonly CommitHooks _hooks;
    private readonly ScratchFiles _scratch;

    internal BranchSave(Repository repository, AutoCommitSpec spec, SaveScope scope)
    {
        _repository = repository;
        _spec = spec;
        _scope = scope;
        _writer = new CommitWriter(spec);
        _hooks = new CommitHooks(repository, spec, _writer);
        _scratch = new ScratchFiles(repository);
    }

    /// <summary>Saves.</summary>
    /// <exception cref="GitException">Git failed; index, HEAD and worktree are as they were.</exception>
    internal async Task<SaveResult> RunAsync(bool force, CancellationToken cancellation)
    {
        FileFacts? indexBefore = _repository.IndexFacts;
        WorktreeStatus status = await WorktreeStatus.ReadAsync(_repository, _scope, null, cancellation);
        if (status.HasConflicts) return new SaveResult { Blocked = "the index has unmerged files", Uncommitted = status.Files.Count };
        if (status.Branch is null) return new SaveResult { Blocked = "HEAD is detached", Uncommitted = status.Files.Count };
        SaveSelection selection = await SaveSelection.OfAsync(_repository, _spec, status.Files, cancellation);
        var none = new SaveResult { Uncommitted = selection.Left.Count, Left = selection.Left };
        if (selection.Files.Count == 0) return none;
        try
        {
            return await BuildAsync(status, selection, indexBefore, force, cancellation) is { } done ? done with { Left = selection.Left } : none;
        }
        finally
        {
            await _scratch.CleanAsync();
        }
    }

    /// <summary>Builds and finishes; null: the trees are the same, there is nothing to save.</summary>
    private async Task<SaveResult?> BuildAsync(
        WorktreeStatus status, SaveSelection selection, FileFacts? indexBefore, bool force, CancellationToken cancellation)
    {
        var next = new IndexWork(_repository, _scratch.Next);
        await _scratch.CopyAsync(_repository.FileOf("index"), _scratch.Next, cancellation);
        if (selection.Files.Any(file => file.IsPartlyStaged)) await new StagedVersions(_repository, _writer).KeepAsync(next, status.Head, cancellation);
        await next.TakeWorktreeAsync(selection.Files, cancellation);
        if (!force && selection.Files.Any(file => file.IsDeleted)
            && await Plausibility.ProblemAsync(_repository, _scope, status.Head, next, cancellation) is { } problem)
        {
            return new SaveResult { Blocked = problem, Uncommitted = status.Files.Count };
        }

        string tree = await BuildTreeAsync(next, status.Head, selection, cancellation);
        string headTree = await _repository.TreeOfAsync(status.Head, cancellation);
        if (tree == headTree) return null;
        string indexOfTree = Path.Exists(_scratch.Tree) ? _scratch.Tree : _scratch.Next;
        string message = await _hooks.MessageAsync(CommitMessage.Of(_spec.Message, selection.Files), _scratch, indexOfTree, cancellation);
        string commit = await _writer.WriteAsync(_repository, tree, status.Head is { } parent ? [parent] : [], message, cancellation);
        string subject = message.Split('\n')[0];
        if (await FinishAsync(status, commit, subject, indexBefore, cancellation) is { } inTheWay)
        {
            return new SaveResult { Blocked = inTheWay, IsPassing = true, Uncommitted = status.Files.Count };
        }

        await _hooks.PostCommitAsync(cancellation);
        return new SaveResult { Commit = commit, Subject = subject, Uncommitted = selection.Left.Count };
    }

    /// <summary>The tree to commit: what is staged but not saved stays in the user's index alone, and pre-commit may have its say.</summary>
    private async Task<string> BuildTreeAsync(IndexWork next, string? head, SaveSelection selection, CancellationToken cancellation)
    {
        HashSet<string> saved = [.. selection.Files.Select(file => file.Path.Raw)];
        string headTree = await _repository.TreeOfAsync(head, cancellation);
        GitResult staged = await _repository.RunAsync(
            new GitCommand("diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", headTree) { IndexFile = _scratch.Next }, cancellation);
        TreeEntry[] kept = [.. TreeEntry.Parse(staged.Fields)
            .Where(pair => !saved.Contains(pair.New.Path.Raw) && !pair.Old.IsSubmodule && !pair.New.IsSubmodule)
            .Select(pair => pair.Old)];
        IndexWork built = next;
        if (kept.Length > 0)
        {
            await _scratch.CopyAsync(_scratch.Next, _scratch.Tree, cancellation);
            built = new IndexWork(_repository, _scratch.Tree);
            await built.TakeEntriesAsync(kept, cancellation);
        }

        string before = await built.WriteTreeAsync(cancellation);
        if (before == headTree) return before;
        await _hooks.PreCommitAsync(built == next ? _scratch.Next : _scratch.Tree, cancellation);
        string after = await built.WriteTreeAsync(cancellation);
        if (after != before && built != next)
        {
            // What the hook changed in the index that is committed belongs into the user's as well.
            GitResult changed = await _repository.RunAsync(new GitCommand("diff-tree", "-r", "-z", "--raw", "--no-renames", before, after), cancellation);
            await next.TakeEntriesAsync(TreeEntry.Parse(changed.Fields).Select(pair => pair.New), cancellation);
        }

        return after;
    }

    /// <summary>
    /// Moves branch and index, under the index's lock, which every git command takes that changes one of them. Returns what was in the way; null: done. From the lock on it is
    /// not given up: each step takes milliseconds, and the next daemon finishes what a kill leaves.
    /// </summary>
    private async Task<string?> FinishAsync(WorktreeStatus status, string commit, string subject, FileFacts? indexBefore, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        CancellationToken none = CancellationToken.None;
        string pending = _scratch.PendingOf(commit);
        await _scratch.MoveAsync(_scratch.Next, pending, none);
        try
        {
            if (!await _scratch.TryLinkAsync(pending, _repository.IndexLock, none)) return "another git process holds index.lock";
            string? inTheWay = _repository.Obstacle(exceptLock: true) ?? (_repository.IndexFacts == indexBefore ? null : "the index was changed meanwhile");
            GitResult? moved = inTheWay is null ? await MoveHeadAsync(status, commit, subject) : null;
            if (moved is { Ok: true })
            {
                await _scratch.MoveAsync(_repository.IndexLock, _repository.FileOf("index"), none);
                return null;
            }

            await _scratch.RemoveAsync(_repository.IndexLock);
            return inTheWay ?? (await _repository.CommitOfAsync("HEAD", none) != status.Head ? "the branch has moved meanwhile" : throw new GitException(moved!.Words));
        }
        finally
        {
            await _scratch.RemoveAsync(pending);
        }
    }

    private Task<GitResult> MoveHeadAsync(WorktreeStatus status, string commit, string subject)
    {
        string expected = status.Head ?? new string('0', commit.Length);
        var command = new GitCommand("update-ref", "-m", $"commit (auto): {subject}", "HEAD", commit, expected) { Environment = _writer.Identity };
        return _repository.TryAsync(command, CancellationToken.None);
    }
}
