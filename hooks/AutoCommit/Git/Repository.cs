using Sessiond.Pty;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>A repository with its worktree, found from a folder inside it.</summary>
/// <param name="Git">Runs git.</param>
/// <param name="Root">Top folder of the worktree.</param>
/// <param name="GitFolder">Its git folder: of a linked worktree, that worktree's own.</param>
/// <param name="Prefix">Where the folder is below the root: empty, or with a slash at its end.</param>
internal sealed record Repository(GitRunner Git, string Root, string GitFolder, string Prefix)
{
    /// <summary>What says that git has something of the user's half done, gitrepository-layout(5) and the sources.</summary>
    private static readonly (string File, string Reason)[] Obstacles =
    [
        ("MERGE_HEAD", "a merge is in progress"),
        ("rebase-merge", "a rebase is in progress"),
        ("rebase-apply", "a rebase, or git am, is in progress"),
        ("CHERRY_PICK_HEAD", "a cherry-pick is in progress"),
        ("REVERT_HEAD", "a revert is in progress"),
        ("sequencer", "a cherry-pick or revert is in progress"),
        ("BISECT_LOG", "a bisect is in progress"),
    ];

    /// <summary>Finds the repository that a folder is in.</summary>
    /// <exception cref="GitException">It is in none, or git refuses to use it.</exception>
    internal static async Task<Repository> FindAsync(GitRunner git, string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder)) throw new GitException($"there is no folder {folder}");
        // The prefix comes last: it may be an empty line.
        GitResult found = await git.RunAsync(folder, new GitCommand("rev-parse", "--is-inside-work-tree", "--show-toplevel", "--absolute-git-dir", "--show-prefix"), cancellation);
        string[] lines = found.Text.Split('\n');
        if (lines.Length < 4 || lines[0] != "true") throw new GitException($"{folder} is not in the worktree of a repository");
        return new Repository(git, lines[1], lines[2], lines[3]);
    }

    /// <summary>A file in the git folder.</summary>
    internal string FileOf(string name) => Path.Combine(GitFolder, name);

    /// <summary>The lock of the user's index.</summary>
    internal string IndexLock => FileOf("index.lock");

    /// <summary>Why nothing may be done now; null: nothing is in the way.</summary>
    /// <param name="exceptLock">Do not look at the lock of the index.</param>
    internal string? Obstacle(bool exceptLock = false)
    {
        foreach ((string file, string reason) in Obstacles)
        {
            if (Path.Exists(FileOf(file))) return reason;
        }

        return !exceptLock && Path.Exists(IndexLock) ? "another git process holds index.lock" : null;
    }

    /// <summary>Runs git at the root.</summary>
    internal Task<GitResult> RunAsync(GitCommand command, CancellationToken cancellation) => Git.RunAsync(Root, command, cancellation);

    /// <summary>Runs git at the root, whatever becomes of it.</summary>
    internal Task<GitResult> TryAsync(GitCommand command, CancellationToken cancellation) => Git.TryAsync(Root, command, cancellation);

    /// <summary>The commit that a name means; null: none.</summary>
    internal async Task<string?> CommitOfAsync(string name, CancellationToken cancellation)
    {
        GitResult found = await TryAsync(new GitCommand("rev-parse", "--quiet", "--verify", name + "^{commit}"), cancellation);
        return found.Ok ? found.Line : null;
    }

    /// <summary>The tree of a commit; the empty tree for null.</summary>
    internal async Task<string> TreeOfAsync(string? commit, CancellationToken cancellation) => commit is null
        ? (await RunAsync(new GitCommand("hash-object", "-t", "tree", "--stdin") { Input = [] }, cancellation)).Line
        : (await RunAsync(new GitCommand("rev-parse", "--verify", commit + "^{tree}"), cancellation)).Line;

    /// <summary>The full name of the branch that is checked out; null on a detached HEAD.</summary>
    internal async Task<string?> BranchAsync(CancellationToken cancellation)
    {
        GitResult found = await TryAsync(new GitCommand("symbolic-ref", "--quiet", "HEAD"), cancellation);
        return found.Ok ? found.Line : null;
    }

    /// <summary>Whether one commit is reached from another.</summary>
    internal async Task<bool> IsAncestorAsync(string ancestor, string commit, CancellationToken cancellation) =>
        (await TryAsync(new GitCommand("merge-base", "--is-ancestor", ancestor, commit), cancellation)).Ok;

    /// <summary>A setting of git's configuration; null: not set.</summary>
    internal async Task<string?> ConfigAsync(string key, CancellationToken cancellation, string type = "--no-type")
    {
        GitResult found = await TryAsync(new GitCommand("config", type, "--get", key), cancellation);
        return found.Ok ? found.Line : null;
    }

    /// <summary>Runs a program of the system at the root: files of the user's repository are only touched as the user.</summary>
    internal Task<GitResult> ToolAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        TryAsync(new GitCommand(arguments) { Program = program }, cancellation);

    /// <summary>What tells one state of the user's index from another; null: there is none.</summary>
    internal FileFacts? IndexFacts => GitPath.Of("index").FactsIn(GitFolder);
}
