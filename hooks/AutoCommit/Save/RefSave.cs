using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// One save to a ref beside the branches. The user's HEAD, index and worktree are only read. Each save is on top of the one before it, and of the user's commit where that has
/// moved on.
/// </summary>
internal sealed class RefSave
{
    private readonly Repository _repository;
    private readonly AutoCommitSpec _spec;
    private readonly SaveScope _scope;
    private readonly CommitWriter _writer;
    private readonly ScratchFiles _scratch;
    private readonly IndexWork _next;

    internal RefSave(Repository repository, AutoCommitSpec spec, SaveScope scope)
    {
        _repository = repository;
        _spec = spec;
        _scope = scope;
        _writer = new CommitWriter(spec);
        _scratch = new ScratchFiles(repository);
        _next = new IndexWork(repository, _scratch.Next);
    }

    /// <summary>Saves.</summary>
    /// <exception cref="GitException">Git failed; the ref is as it was.</exception>
    internal async Task<SaveResult> RunAsync(bool force, CancellationToken cancellation)
    {
        string? head = await _repository.CommitOfAsync("HEAD", cancellation);
        string? last = await _repository.CommitOfAsync(_spec.Target, cancellation);
        try
        {
            WorktreeStatus status = await CompareAsync(head, last, cancellation);
            SaveSelection selection = await SaveSelection.OfAsync(_repository, _spec, status.Files, cancellation);
            var none = new SaveResult { Uncommitted = selection.Left.Count, Left = selection.Left };
            await _next.TakeWorktreeAsync(selection.Files, cancellation);
            if (!force && selection.Files.Any(file => file.IsDeleted)
                && await Plausibility.ProblemAsync(_repository, _scope, head, _next, cancellation) is { } problem)
            {
                return none with { Blocked = problem, Uncommitted = status.Files.Count };
            }

            string tree = await _next.WriteTreeAsync(cancellation);
            string? commit = await CommitAsync(tree, head, last, selection, cancellation);
            await _scratch.MoveAsync(_scratch.Next, _scratch.Saved, CancellationToken.None);
            return commit is null ? none : none with { Commit = commit, Subject = CommitMessage.Of(_spec.Message, selection.Files).Split('\n')[0] };
        }
        finally
        {
            await _scratch.CleanAsync();
        }
    }

    /// <summary>How many files of a worktree differ from the last save, and how many of them are left out.</summary>
    internal async Task<SaveResult> CountAsync(CancellationToken cancellation)
    {
        string? head = await _repository.CommitOfAsync("HEAD", cancellation);
        string? last = await _repository.CommitOfAsync(_spec.Target, cancellation);
        try
        {
            WorktreeStatus status = await CompareAsync(head, last, cancellation);
            return new SaveResult { Uncommitted = status.Files.Count };
        }
        finally
        {
            await _scratch.CleanAsync();
        }
    }

    /// <summary>The worktree against the last save, or against the user's commit where that is newer; what the user staged is not looked at.</summary>
    private async Task<WorktreeStatus> CompareAsync(string? head, string? last, CancellationToken cancellation)
    {
        string? basis = last is not null && (head is null || await _repository.IsAncestorAsync(head, last, cancellation)) ? last : head;
        // For the times of the files: without them git would read all of them.
        await _scratch.CopyAsync(Path.Exists(_scratch.Saved) ? _scratch.Saved : _repository.FileOf("index"), _scratch.Next, cancellation);
        await _next.ReadTreeAsync(await _repository.TreeOfAsync(basis, cancellation), cancellation);
        WorktreeStatus status = await WorktreeStatus.ReadAsync(_repository, _scope, _scratch.Next, cancellation);
        return status with { Files = [.. status.Files.Where(file => file.Unstaged != '.').Select(file => file with { Staged = '.' })] };
    }

    private async Task<string?> CommitAsync(string tree, string? head, string? last, SaveSelection selection, CancellationToken cancellation)
    {
        string? newest = last ?? head;
        bool isSame = tree == await _repository.TreeOfAsync(newest, cancellation);
        if (isSame && selection.Files.Count == 0) return null;
        if (isSame && (head is null || last is null || await _repository.IsAncestorAsync(head, last, cancellation))) return null;
        bool joins = last is not null && head is not null && !await _repository.IsAncestorAsync(head, last, cancellation);
        IEnumerable<string> parents = joins ? [last!, head!] : newest is null ? [] : [newest];
        string message = CommitMessage.Of(_spec.Message, selection.Files);
        string commit = await _writer.WriteAsync(_repository, tree, parents, message, cancellation);
        string subject = message.Split('\n')[0];
        var update = new GitCommand("update-ref", "--create-reflog", "-m", subject, _spec.Target, commit, last ?? new string('0', commit.Length));
        await _repository.RunAsync(update, CancellationToken.None);
        return commit;
    }
}
