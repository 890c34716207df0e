namespace Sessiond.Hooks.AutoCommit;

/// <summary>One side of a line of <c>git diff-tree --raw</c>: what a tree has at a path.</summary>
/// <param name="Mode">Mode; zeros where the tree has nothing.</param>
/// <param name="Id">Object.</param>
/// <param name="Path">Where.</param>
internal readonly record struct TreeEntry(string Mode, string Id, GitPath Path)
{
    private const string Submodule = "160000";

    internal bool IsSubmodule => Mode == Submodule;

    /// <summary>The line of <c>git update-index --index-info</c> that makes an index the same at this path.</summary>
    internal string IndexInfo => Mode == "000000" ? $"0 {Id}\t{Path.Raw}\0" : $"{Mode} {Id}\t{Path.Raw}\0";

    /// <summary>Reads raw output with -z: <c>:mode mode id id letter NUL path NUL</c>; old and new side of each.</summary>
    internal static IEnumerable<(TreeEntry Old, TreeEntry New)> Parse(IEnumerable<string> fields)
    {
        foreach (string[] pair in fields.Chunk(2))
        {
            if (pair.Length < 2) yield break;
            string[] parts = pair[0].TrimStart(':').Split(' ');
            var path = new GitPath(pair[1]);
            yield return (new TreeEntry(parts[0], parts[2], path), new TreeEntry(parts[1], parts[3], path));
        }
    }
}
