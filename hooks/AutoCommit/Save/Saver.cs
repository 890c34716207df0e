using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Saves a worktree: finds the repository, sees whether anything stands in the way, and commits.</summary>
internal sealed class Saver(GitRunner git, string folder, AutoCommitSpec spec)
{
    private const string Branch = "branch";

    /// <summary>The repository now: it may be cloned, moved or replaced at any time.</summary>
    /// <exception cref="GitException">There is none.</exception>
    internal Task<Repository> FindAsync(CancellationToken cancellation) => Repository.FindAsync(git, folder, cancellation);

    /// <summary>Whether saves go to the branch that is checked out.</summary>
    internal bool IsToBranch => spec.Target == Branch;

    /// <summary>Saves what is to be saved. Never throws for what git says.</summary>
    /// <param name="force">Also when most files are gone.</param>
    /// <param name="cancellation">Gives up, with everything as it was.</param>
    internal async Task<SaveResult> SaveAsync(bool force, CancellationToken cancellation)
    {
        try
        {
            Repository repository = await FindAsync(cancellation);
            SaveScope scope = SaveScope.Of(spec, repository.Prefix);
            if (CoversHome(repository, scope))
            {
                return new SaveResult { Blocked = "what would be saved is the whole home folder; name the folders in auto_commit.paths" };
            }

            if (repository.Obstacle() is { } obstacle)
            {
                SaveResult counted = await CountAsync(cancellation);
                return new SaveResult { Blocked = obstacle, Uncommitted = counted.Uncommitted };
            }

            return IsToBranch
                ? await new BranchSave(repository, spec, scope).RunAsync(force, cancellation)
                : await new RefSave(repository, spec, scope).RunAsync(force, cancellation);
        }
        catch (Exception failure) when (GitException.IsFailure(failure))
        {
            return new SaveResult { Blocked = "git failed", Error = failure.Message };
        }
    }

    /// <summary>Counts what would be saved, and changes nothing.</summary>
    internal async Task<SaveResult> CountAsync(CancellationToken cancellation)
    {
        try
        {
            Repository repository = await FindAsync(cancellation);
            SaveScope scope = SaveScope.Of(spec, repository.Prefix);
            if (!IsToBranch && repository.Obstacle(exceptLock: true) is null) return await new RefSave(repository, spec, scope).CountAsync(cancellation);
            WorktreeStatus status = await WorktreeStatus.ReadAsync(repository, scope, null, cancellation);
            return new SaveResult { Uncommitted = status.Files.Count };
        }
        catch (Exception failure) when (GitException.IsFailure(failure))
        {
            return new SaveResult { Blocked = "git failed", Error = failure.Message };
        }
    }

    /// <summary>A worktree that is the home folder holds keys, histories and caches that nobody means to push.</summary>
    private bool CoversHome(Repository repository, SaveScope scope)
    {
        string? home = git.Variable("HOME")?.TrimEnd('/');
        IEnumerable<string> roots = scope.Folders.Count == 0 ? [repository.Root] : scope.Folders.Select(path => Path.Combine(repository.Root, path));
        return roots.Select(root => root.TrimEnd('/')).Any(root =>
            root.Length == 0 || (!string.IsNullOrEmpty(home) && (home == root || home.StartsWith(root + "/", StringComparison.Ordinal))));
    }
}
