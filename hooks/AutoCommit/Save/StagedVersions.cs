namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// What <c>git add -p</c> staged and further edits replaced is neither in a commit nor in the worktree. Before a save makes the index follow the worktree, the index as it
/// was is kept as a commit, each on top of the one before it, so that no line is lost.
/// </summary>
internal sealed class StagedVersions(Repository repository, CommitWriter writer)
{
    /// <summary>Where: a ref that is not pushed.</summary>
    internal const string Ref = "refs/sessiond/staged";

    /// <summary>Keeps an index.</summary>
    /// <param name="index">A copy of the user's index.</param>
    /// <param name="head">The commit it is based on.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task KeepAsync(IndexWork index, string? head, CancellationToken cancellation)
    {
        string tree = await index.WriteTreeAsync(cancellation);
        string? last = await repository.CommitOfAsync(Ref, cancellation);
        if (last is not null && await repository.TreeOfAsync(last, cancellation) == tree) return;
        IEnumerable<string> parents = new[] { last, head }.OfType<string>().Distinct();
        string commit = await writer.WriteAsync(repository, tree, parents, "[AutoCommit] The index before a save\n", cancellation);
        await repository.RunAsync(new GitCommand("update-ref", Ref, commit, last ?? new string('0', commit.Length)), cancellation);
    }
}
