namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// The files that saves make in the git folder: indexes of their own, named for one save. They are made, moved and removed by programs that run as the user: the daemon may
/// be root, and what is in the user's folder is the user's word.
/// </summary>
internal sealed class ScratchFiles
{
    private const string Begin = "sessiond-";

    /// <summary>Stays: the index of the last save to a side ref.</summary>
    private const string SavedName = Begin + "saved";

    private readonly Repository _repository;
    private readonly string _suffix = Guid.NewGuid().ToString("N")[20..];

    internal ScratchFiles(Repository repository) => _repository = repository;

    /// <summary>What the user's index is to become, or the index of a side ref.</summary>
    internal string Next => _repository.FileOf($"{Begin}next-{_suffix}");

    /// <summary>What is committed, where that differs from <see cref="Next"/>.</summary>
    internal string Tree => _repository.FileOf($"{Begin}tree-{_suffix}");

    /// <summary>The message, for hooks that want a file.</summary>
    internal string Message => _repository.FileOf($"{Begin}message-{_suffix}");

    /// <summary>The index of the last save to a side ref.</summary>
    internal string Saved => _repository.FileOf(SavedName);

    /// <summary>The name of <see cref="Next"/> from when the index is locked by it: it tells the next daemon which commit it belongs to.</summary>
    internal string PendingOf(string commit) => _repository.FileOf($"{Begin}pending-{commit}");

    /// <summary>Copies an index with its times: git compares them with those of the files.</summary>
    internal async Task CopyAsync(string from, string to, CancellationToken cancellation)
    {
        if (!Path.Exists(from)) return;
        (await _repository.ToolAsync("cp", ["-p", "--", from, to], cancellation)).OrThrow();
    }

    internal async Task MoveAsync(string from, string to, CancellationToken cancellation) =>
        (await _repository.ToolAsync("mv", ["-f", "--", from, to], cancellation)).OrThrow();

    /// <summary>Another name for a file, at once or not at all; false when the name is taken.</summary>
    internal async Task<bool> TryLinkAsync(string from, string to, CancellationToken cancellation)
    {
        GitResult result = await _repository.ToolAsync("ln", ["--", from, to], cancellation);
        if (result.Ok) return true;
        // Who had it may have given it up by now.
        bool isTaken = Path.Exists(to) || result.Error.Contains("exist", StringComparison.Ordinal);
        return isTaken ? false : throw new GitException(result.Words);
    }

    internal async Task RemoveAsync(params string[] files)
    {
        // Also when the save was given up: what is left would be in nobody's way, but for ever.
        string[] present = [.. files.SelectMany(file => new[] { file, file + ".lock" }).Where(Path.Exists)];
        if (present.Length > 0) await _repository.ToolAsync("rm", ["-f", "--", .. present], CancellationToken.None);
    }

    /// <summary>Removes what this save made.</summary>
    internal Task CleanAsync() => RemoveAsync(Next, Tree, Message);

    /// <summary>
    /// After a daemon that was killed: removes what its saves left. A save that was killed between its commit and the user's index is finished, and one that was killed before
    /// its commit gives the lock of the index back.
    /// </summary>
    internal static async Task RecoverAsync(Repository repository, CancellationToken cancellation)
    {
        string[] files = [.. Directory.EnumerateFiles(repository.GitFolder, Begin + "*").Where(file => Path.GetFileName(file) != SavedName)];
        if (files.Length == 0) return;
        var scratch = new ScratchFiles(repository);
        string head = await repository.CommitOfAsync("HEAD", cancellation) ?? "";
        foreach (string file in files.Where(file => file.StartsWith(scratch.PendingOf(""), StringComparison.Ordinal)))
        {
            if (!IsSameFile(repository, Path.GetFileName(file), "index.lock")) continue;
            if (file == scratch.PendingOf(head)) await scratch.MoveAsync(repository.IndexLock, repository.FileOf("index"), cancellation);
            else await scratch.RemoveAsync(repository.IndexLock);
        }

        await scratch.RemoveAsync(files);
    }

    private static bool IsSameFile(Repository repository, string one, string other) =>
        GitPath.Of(one).FactsIn(repository.GitFolder) is { } first && GitPath.Of(other).FactsIn(repository.GitFolder) is { } second
        && (first.Inode, first.Device) == (second.Inode, second.Device);
}
