using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Brings the local ref and the remote one together: push, and where the remote has moved on, fetch, merge, push again.</summary>
/// <param name="saver">Knows the repository.</param>
/// <param name="spec">What the spec says.</param>
/// <param name="local">Held while the user's branch is changed, so that no save is under way.</param>
internal sealed class Synchronizer(Saver saver, AutoCommitSpec spec, SemaphoreSlim local)
{
    /// <summary>Others may push between our merge and our push; more often than this is tried again later.</summary>
    private const int MaxRounds = 4;

    /// <summary>Pushes what is unpushed.</summary>
    /// <param name="pulls">Also look for what the remote has.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="GitException">Git failed at something else than the remote.</exception>
    internal async Task<PushResult> RunAsync(bool pulls, CancellationToken cancellation)
    {
        Repository repository = await saver.FindAsync(cancellation);
        if (await TargetAsync(repository, cancellation) is not { } target)
        {
            // A detached HEAD: the save says so.
            return await LocalRefAsync(repository, cancellation) is null
                ? new PushResult(PushOutcome.UpToDate)
                : new PushResult(PushOutcome.Refused, $"what is saved stays here: there is no remote \"{GitPath.Printable(spec.Remote)}\"");
        }

        var remote = new Remote(repository, target, spec);
        bool fetches = pulls;
        for (int round = 0; round < MaxRounds; round++)
        {
            if (fetches)
            {
                PushResult fetched = await remote.FetchAsync(cancellation);
                if (fetched.Outcome != PushOutcome.UpToDate) return fetched;
                await local.WaitAsync(cancellation);
                try
                {
                    if (await MergeAsync(repository, target, cancellation) is { } problem) return problem;
                }
                finally
                {
                    local.Release();
                }
            }

            string? ours = await repository.CommitOfAsync(target.Local, cancellation);
            if (ours is null || !spec.Push || await repository.CommitOfAsync(target.Tracking, cancellation) == ours) return new PushResult(PushOutcome.UpToDate);
            PushResult pushed = await remote.PushAsync(ours, cancellation);
            if (pushed.Outcome != PushOutcome.Behind) return pushed;
            fetches = true;
        }

        return new PushResult(PushOutcome.Offline, "others push at the same time");
    }

    /// <summary>How many commits each side has that the other has not, as far as this repository knows; null where there is no remote.</summary>
    internal async Task<(int? Ahead, int? Behind)> CountAsync(CancellationToken cancellation)
    {
        Repository repository = await saver.FindAsync(cancellation);
        if (await TargetAsync(repository, cancellation) is not { } target) return (null, null);
        string? local = await repository.CommitOfAsync(target.Local, cancellation);
        string? known = await repository.CommitOfAsync(target.Tracking, cancellation);
        if (local is null) return (0, null);
        if (known is null)
        {
            GitResult all = await repository.RunAsync(new GitCommand("rev-list", "--count", local, "--not", $"--remotes={spec.Remote}"), cancellation);
            return (int.Parse(all.Line), null);
        }

        string[] both = (await repository.RunAsync(new GitCommand("rev-list", "--left-right", "--count", $"{local}...{known}"), cancellation)).Line.Split('\t');
        return (int.Parse(both[0]), int.Parse(both[1]));
    }

    private async Task<string?> LocalRefAsync(Repository repository, CancellationToken cancellation) =>
        saver.IsToBranch ? await repository.BranchAsync(cancellation) : spec.Target;

    private async Task<RemoteRef?> TargetAsync(Repository repository, CancellationToken cancellation) =>
        await LocalRefAsync(repository, cancellation) is { } local ? await RemoteRef.OfAsync(repository, spec.Remote, local, cancellation) : null;

    /// <summary>Merges what was fetched; null: done, or nothing to do.</summary>
    private async Task<PushResult?> MergeAsync(Repository repository, RemoteRef target, CancellationToken cancellation)
    {
        if (await repository.CommitOfAsync(target.Tracking, cancellation) is not { } theirs) return null;
        string? ours = await repository.CommitOfAsync(target.Local, cancellation);
        if (ours is not null && await repository.IsAncestorAsync(theirs, ours, cancellation)) return null;
        if (repository.Obstacle() is { } obstacle) return new PushResult(PushOutcome.Refused, obstacle);
        string merge = theirs;
        if (ours is not null && !await repository.IsAncestorAsync(ours, theirs, cancellation))
        {
            string tree;
            IReadOnlyList<GitPath> conflicts;
            if (saver.IsToBranch)
            {
                (tree, conflicts) = await new TreeMerge(repository).RunAsync(ours, theirs, cancellation);
            }
            else
            {
                // A side ref is what this worktree holds; what another one saved stays in its history.
                tree = await repository.TreeOfAsync(ours, cancellation);
                conflicts = [];
            }

            if (spec.Conflict == ConflictPolicy.Stop && conflicts.Count > 0)
            {
                string files = string.Join(", ", conflicts.Take(5).Select(path => path.Display)) + (conflicts.Count > 5 ? $" and {conflicts.Count - 5} more" : "");
                return new PushResult(PushOutcome.Refused, $"both sides changed {files}; merge {target.Tracking["refs/".Length..]} by hand");
            }

            string message = $"[AutoCommit] Merge {target.Name} of {GitPath.Printable(target.Remote)}\n{Told(conflicts)}";
            merge = await new CommitWriter(spec).WriteAsync(repository, tree, [ours, theirs], message, cancellation);
        }

        return await MoveToAsync(repository, target, ours, merge);
    }

    /// <summary>Takes a merge over. On a branch by a fast-forward, which git does whole or not at all, and not over an edit that is not saved yet.</summary>
    private async Task<PushResult?> MoveToAsync(Repository repository, RemoteRef target, string? ours, string merge)
    {
        if (!saver.IsToBranch)
        {
            var update = new GitCommand("update-ref", "-m", "[AutoCommit] merge", target.Local, merge, ours ?? new string('0', merge.Length));
            await repository.RunAsync(update, CancellationToken.None);
            return null;
        }

        string[] hooks = spec.Hooks ? [] : ["-c", "core.hooksPath=/dev/null"];
        GitResult moved = await repository.TryAsync(new GitCommand(
            [.. hooks, "-c", "merge.autoStash=false", "-c", "merge.verifySignatures=false", "merge", "--ff-only", "--quiet", "--no-stat", merge]), CancellationToken.None);
        return moved.Ok ? null : new PushResult(PushOutcome.Behind, "files that the remote changed are being edited here", moved.Words);
    }

    private static string Told(IReadOnlyList<GitPath> conflicts) =>
        conflicts.Count == 0 ? "" : "\nChanged on both sides, the local side won:\n" + string.Concat(conflicts.Take(100).Select(path => path.Display + "\n"));
}
