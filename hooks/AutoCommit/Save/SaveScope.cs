using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Which part of a repository is saved, as pathspecs of gitglossary(7).</summary>
internal sealed class SaveScope
{
    private SaveScope(IReadOnlyList<string> folders, IReadOnlyList<string> pathspecs)
    {
        Folders = folders;
        Pathspecs = pathspecs;
    }

    /// <summary>The paths that are saved, relative to the root; empty: all of it.</summary>
    internal IReadOnlyList<string> Folders { get; }

    /// <summary>The same with what is left out, for git.</summary>
    internal IReadOnlyList<string> Pathspecs { get; }

    /// <summary>Reads the paths of a spec.</summary>
    /// <param name="spec">Its <c>paths</c> and <c>exclude</c>.</param>
    /// <param name="prefix">Where the app folder is below the root.</param>
    /// <exception cref="GitException">A path is outside of the repository.</exception>
    internal static SaveScope Of(AutoCommitSpec spec, string prefix)
    {
        var folders = new List<string>();
        foreach (string path in spec.Paths)
        {
            string inside = Path.GetFullPath(Path.Combine("/root", prefix, path));
            bool isWhole = inside is "/root" or "/root/";
            if (!isWhole && (Path.IsPathRooted(path) || !inside.StartsWith("/root/", StringComparison.Ordinal)))
            {
                throw new GitException($"auto_commit.paths: {path} is outside of the repository");
            }

            folders.Add(isWhole ? "" : inside["/root/".Length..].TrimEnd('/'));
        }

        if (folders.Contains("")) folders = [];
        IEnumerable<string> positive = folders.Count == 0 ? [":(top)"] : folders.Select(folder => $":(top,literal){folder}");
        return new SaveScope(folders, [.. positive, .. spec.Exclude.SelectMany(pattern => Excluded(pattern, prefix))]);
    }

    /// <summary>Whether a folder of the worktree can hold something that is saved.</summary>
    internal bool Covers(string folder) =>
        Folders.Count == 0 || Folders.Any(saved => folder == saved || folder.StartsWith(saved + "/", StringComparison.Ordinal));

    /// <summary>As in .gitignore: a pattern without a slash matches in every folder, another one from the app folder on; what it matches counts with all below.</summary>
    private static string[] Excluded(string pattern, string prefix)
    {
        string bare = pattern.TrimEnd('/');
        if (bare.Length == 0) return [];
        string anchored = bare.Contains('/') ? Escaped(prefix) + bare.TrimStart('/') : Escaped(prefix) + "**/" + bare;
        // A pattern that ends with a slash means a folder only.
        string[] below = [$":(top,exclude,glob){anchored}/**"];
        return pattern.EndsWith('/') ? below : [$":(top,exclude,glob){anchored}", .. below];
    }

    private static string Escaped(string literal) =>
        string.Concat(literal.Select(c => c is '*' or '?' or '[' or '\\' ? $"\\{c}" : c.ToString()));
}
