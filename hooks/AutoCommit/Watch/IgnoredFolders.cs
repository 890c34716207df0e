using System.Text;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Asks git which folders are ignored: what happens in node_modules is nobody's edit, and it has more folders than the rest of the tree.</summary>
internal sealed class IgnoredFolders(Repository repository)
{
    /// <summary>All of them.</summary>
    internal async Task<HashSet<GitPath>> AllAsync(SaveScope scope, CancellationToken cancellation)
    {
        IEnumerable<string> folders = scope.Folders.Count == 0 ? [":(top)"] : scope.Folders.Select(folder => $":(top,literal){folder}");
        GitResult result = await repository.RunAsync(
            new GitCommand(["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", "--", .. folders]), cancellation);
        return [.. result.Fields.Where(path => path.EndsWith('/')).Select(path => new GitPath(path[..^1]))];
    }

    /// <summary>Those among some.</summary>
    internal async Task<HashSet<GitPath>> AmongAsync(IReadOnlyList<GitPath> folders, CancellationToken cancellation)
    {
        if (folders.Count == 0) return [];
        byte[] input = Encoding.Latin1.GetBytes(string.Concat(folders.Select(folder => folder.Raw + "\0")));
        // Exit status 1: none of them.
        GitResult result = await repository.TryAsync(new GitCommand("check-ignore", "-z", "--stdin") { Input = input }, cancellation);
        return result.Status.Code is 0 or 1 ? [.. result.Fields.Select(path => new GitPath(path))] : throw new GitException(result.Words);
    }
}
