using System.Globalization;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Merges two commits into a tree, without a worktree: git-merge-tree(1), and where both sides changed the same lines, the local ones.</summary>
internal sealed class TreeMerge(Repository repository)
{
    /// <summary>Merges.</summary>
    /// <param name="local">Ours.</param>
    /// <param name="remote">Theirs.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The tree, and the files where the local side had to win.</returns>
    /// <exception cref="GitException">Git cannot merge them, or is older than 2.38.</exception>
    internal async Task<(string Tree, IReadOnlyList<GitPath> Conflicts)> RunAsync(string local, string remote, CancellationToken cancellation)
    {
        GitResult merged = await repository.TryAsync(new GitCommand("merge-tree", "--write-tree", "-z", "--no-messages", local, remote), cancellation);
        if (merged.Status.Code is not (0 or 1) || merged.Output.Length == 0) throw new GitException(merged.Words);
        string[] fields = [.. merged.Fields];
        string tree = fields[0];
        // <mode> <object> <stage> TAB <path> NUL, one for each side of each conflict
        List<Side> sides = [.. fields.Skip(1).TakeWhile(field => field.Length > 0).Select(Side.Parse)];
        if (sides.Count == 0) return (tree, []);
        return (await ResolveAsync(tree, sides, cancellation), [.. sides.Select(side => side.Path).Distinct()]);
    }

    private async Task<string> ResolveAsync(string tree, List<Side> sides, CancellationToken cancellation)
    {
        var entries = new List<TreeEntry>();
        foreach (IGrouping<GitPath, Side> conflict in sides.GroupBy(side => side.Path)) entries.Add(await ResolveAsync(conflict, cancellation));
        var scratch = new ScratchFiles(repository);
        try
        {
            var index = new IndexWork(repository, scratch.Tree);
            await repository.RunAsync(new GitCommand("read-tree", tree) { IndexFile = scratch.Tree }, cancellation);
            await index.TakeEntriesAsync(entries, cancellation);
            return await index.WriteTreeAsync(cancellation);
        }
        finally
        {
            await scratch.CleanAsync();
        }
    }

    /// <summary>Line by line where all three sides are text; else the local side as it is, also where that is a deletion.</summary>
    private async Task<TreeEntry> ResolveAsync(IEnumerable<Side> conflict, CancellationToken cancellation)
    {
        Side[] sides = [.. conflict];
        Side? ours = sides.FirstOrDefault(side => side.Stage == 2);
        if (ours is null) return new TreeEntry("000000", new string('0', sides[0].Id.Length), sides[0].Path);
        Side? before = sides.FirstOrDefault(side => side.Stage == 1), theirs = sides.FirstOrDefault(side => side.Stage == 3);
        if (before is { IsText: true } && theirs is { IsText: true } && ours.IsText
            && await MergeLinesAsync(ours, before, theirs, cancellation) is { } id)
        {
            return new TreeEntry(ours.Mode, id, ours.Path);
        }

        return new TreeEntry(ours.Mode, ours.Id, ours.Path);
    }

    /// <summary>git-merge-file(1) with --ours on the three blobs; null: they are not text.</summary>
    private async Task<string?> MergeLinesAsync(Side ours, Side before, Side theirs, CancellationToken cancellation)
    {
        var files = new List<string>();
        try
        {
            foreach (Side side in new[] { ours, before, theirs })
            {
                // git unpack-file writes a blob into a file of its own, as the user, in the folder it runs in.
                GitResult file = await repository.Git.RunAsync(repository.GitFolder, new GitCommand($"--git-dir={repository.GitFolder}", "unpack-file", side.Id), cancellation);
                files.Add(Path.Combine(repository.GitFolder, file.Line));
            }

            GitResult merged = await repository.TryAsync(new GitCommand(["merge-file", "--ours", "--quiet", "-p", .. files]), cancellation);
            if (!merged.Ok) return null;
            return (await repository.RunAsync(new GitCommand("hash-object", "-w", "--stdin") { Input = merged.Output }, cancellation)).Line;
        }
        finally
        {
            await new ScratchFiles(repository).RemoveAsync([.. files]);
        }
    }

    /// <summary>One side of a conflict.</summary>
    private sealed record Side(string Mode, string Id, int Stage, GitPath Path)
    {
        /// <summary>A plain or executable file; what is in it, merge-file finds out.</summary>
        internal bool IsText => Mode is "100644" or "100755";

        internal static Side Parse(string field)
        {
            string[] halves = field.Split('\t', 2);
            string[] words = halves[0].Split(' ');
            return new Side(words[0], words[1], int.Parse(words[2], CultureInfo.InvariantCulture), new GitPath(halves[1]));
        }
    }
}
