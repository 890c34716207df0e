namespace Sessiond.Hooks.AutoCommit;

/// <summary>Is this what somebody did, or a mount that went away, or an <c>rm -rf</c> half done?</summary>
internal static class Plausibility
{
    /// <summary>A smaller project may well lose most of its files on purpose.</summary>
    private const int SmallProject = 5;

    /// <summary>What is wrong with a tree that is about to be saved; null: nothing.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="scope">What is saved of it.</param>
    /// <param name="head">What the user has committed.</param>
    /// <param name="next">What would be saved.</param>
    /// <param name="cancellation">Gives up.</param>
    internal static async Task<string?> ProblemAsync(
        Repository repository, SaveScope scope, string? head, IndexWork next, CancellationToken cancellation)
    {
        if (head is null) return null;
        GitResult files = await repository.RunAsync(new GitCommand(["ls-tree", "-r", "-z", "--name-only", "--full-tree", head, .. scope.Folders]), cancellation);
        int before = files.Output.AsSpan().Count((byte)0);
        int after = await next.CountAsync(scope, cancellation);
        bool isImplausible = before > 0 && (after == 0 || (before >= SmallProject && after * 2 < before));
        return isImplausible ? $"{before - after} of {before} files are gone; to save that all the same: sessiond commit now --force" : null;
    }
}
