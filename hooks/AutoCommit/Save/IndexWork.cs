using System.Text;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Work on an index that is not the user's.</summary>
internal sealed class IndexWork(Repository repository, string file)
{
    /// <summary>Takes files as they are in the worktree; those that are gone are taken out.</summary>
    internal Task TakeWorktreeAsync(IEnumerable<ChangedFile> files, CancellationToken cancellation) => FeedAsync(
        ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"], string.Concat(files.Select(changed => changed.Path.Raw + "\0")), cancellation);

    /// <summary>Takes entries as they are in a tree.</summary>
    internal Task TakeEntriesAsync(IEnumerable<TreeEntry> entries, CancellationToken cancellation) => FeedAsync(
        ["update-index", "-z", "--index-info"], string.Concat(entries.Select(entry => entry.IndexInfo)), cancellation);

    /// <summary>Makes it the index of a tree, with the times of files that are the same.</summary>
    internal Task ReadTreeAsync(string tree, CancellationToken cancellation) =>
        repository.RunAsync(new GitCommand("read-tree", "-m", tree) { IndexFile = file }, cancellation);

    /// <summary>The tree of it.</summary>
    internal async Task<string> WriteTreeAsync(CancellationToken cancellation) =>
        (await repository.RunAsync(new GitCommand("write-tree") { IndexFile = file }, cancellation)).Line;

    /// <summary>How many files of a scope it has.</summary>
    internal async Task<int> CountAsync(SaveScope scope, CancellationToken cancellation)
    {
        string[] folders = scope.Folders.Count == 0 ? [":(top)"] : [.. scope.Folders.Select(folder => $":(top,literal){folder}")];
        GitResult files = await repository.RunAsync(new GitCommand(["ls-files", "-z", "--", .. folders]) { IndexFile = file }, cancellation);
        return files.Output.AsSpan().Count((byte)0);
    }

    private async Task FeedAsync(string[] arguments, string input, CancellationToken cancellation)
    {
        if (input.Length == 0) return;
        await repository.RunAsync(new GitCommand(arguments) { Input = Encoding.Latin1.GetBytes(input), IndexFile = file }, cancellation);
    }
}
