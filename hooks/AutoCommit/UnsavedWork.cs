namespace Sessiond.Hooks.AutoCommit;

/// <summary>What would be lost with a folder: asked before one is removed.</summary>
public static class UnsavedWork
{
    /// <summary>Lines of the answer at most.</summary>
    private const int MaxLines = 100;

    /// <summary>Lists it, for people: changed and untracked files, commits that no remote has, stashes. Empty: everything is elsewhere.</summary>
    /// <param name="git">Runs git.</param>
    /// <param name="folder">A worktree's folder.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<string>> ListAsync(GitRunner git, string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) return [];
        try
        {
            Repository repository = await Repository.FindAsync(git, folder, cancellation);
            // A folder inside somebody else's repository is not its worktree: what is in it is nowhere else, as far as we know.
            if (repository.Prefix.Length > 0) return [$"{folder} is not a repository of its own"];
            var lines = new List<string>();
            if (repository.Obstacle(exceptLock: true) is { } obstacle) lines.Add(obstacle);
            lines.AddRange(await FilesAsync(repository, cancellation));
            lines.AddRange(await CommitsAsync(repository, cancellation));
            lines.AddRange(await StashesAsync(repository, cancellation));
            return lines.Count <= MaxLines ? lines : [.. lines.Take(MaxLines), $"and {lines.Count - MaxLines} more"];
        }
        catch (Exception failure) when (GitException.IsFailure(failure))
        {
            // Whoever cannot tell what would be lost does not say that nothing would.
            return [$"git cannot tell what would be lost: {failure.Message}"];
        }
    }

    private static async Task<IEnumerable<string>> FilesAsync(Repository repository, CancellationToken cancellation)
    {
        WorktreeStatus status = await WorktreeStatus.ReadAsync(repository, SaveScope.Of(new Spec.AutoCommitSpec(), ""), null, cancellation);
        IEnumerable<string> files = status.Files.Select(file => $"{Word(file)} {file.Path.Display}");
        return status.HasConflicts ? ["unmerged files", .. files] : files;
    }

    private static string Word(ChangedFile file) => file.IsUntracked ? "untracked" : file.Letter switch
    {
        'D' => "deleted",
        'A' => "added",
        _ => "modified",
    };

    /// <summary>Of every branch, of HEAD where it is detached, and of what sessiond saved beside them.</summary>
    private static async Task<IEnumerable<string>> CommitsAsync(Repository repository, CancellationToken cancellation)
    {
        string[] own = await repository.CommitOfAsync("HEAD", cancellation) is null ? ["--branches", "--tags"] : ["HEAD", "--branches", "--tags"];
        string[] elsewhere = ["--remotes", "--glob=refs/sessiond/remote/*"];
        IEnumerable<string> commits = await LogAsync(repository, [.. own, "--not", .. elsewhere], cancellation);
        return commits.Concat(await LogAsync(repository, ["--glob=refs/sessiond/*", "--not", .. own, .. elsewhere], cancellation));
    }

    private static async Task<IEnumerable<string>> LogAsync(Repository repository, string[] revisions, CancellationToken cancellation)
    {
        GitResult log = await repository.RunAsync(
            new GitCommand(["log", $"--max-count={MaxLines + 1}", "--no-show-signature", "--format=%h %s", .. revisions]), cancellation);
        return log.Text.Split('\n').Where(line => line.Length > 0).Select(line => $"not pushed: {GitPath.Printable(line)}");
    }

    private static async Task<IEnumerable<string>> StashesAsync(Repository repository, CancellationToken cancellation)
    {
        GitResult stashes = await repository.RunAsync(new GitCommand("stash", "list", "--format=%gd %s"), cancellation);
        return stashes.Text.Split('\n').Where(line => line.Length > 0).Select(line => $"stashed: {GitPath.Printable(line)}");
    }
}
