namespace Sessiond.Hooks.AutoCommit;

/// <summary>What <c>git status</c> says of the part of a worktree that is saved.</summary>
/// <param name="Head">The commit that is checked out; null before the first one.</param>
/// <param name="Branch">Short name of the branch; null on a detached HEAD.</param>
/// <param name="Files">What differs.</param>
/// <param name="HasConflicts">The index holds unmerged files.</param>
internal sealed record WorktreeStatus(string? Head, string? Branch, IReadOnlyList<ChangedFile> Files, bool HasConflicts)
{
    private const string Submodule = "160000"; // S_IFGITLINK, the mode of a commit in a tree
    private const string Nothing = "000000";

    /// <summary>Asks git.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="scope">What of it.</param>
    /// <param name="indexFile">Against which index; null: the user's.</param>
    /// <param name="cancellation">Gives up.</param>
    internal static async Task<WorktreeStatus> ReadAsync(Repository repository, SaveScope scope, string? indexFile, CancellationToken cancellation)
    {
        var command = new GitCommand(
            ["status", "--porcelain=v2", "-z", "--branch", "--no-ahead-behind", "--no-renames", "--untracked-files=all", "--ignore-submodules=none", "--", .. scope.Pathspecs])
        {
            IndexFile = indexFile,
        };
        return Parse((await repository.RunAsync(command, cancellation)).Fields);
    }

    /// <summary>Reads the output of porcelain version 2 with -z, git-status(1).</summary>
    internal static WorktreeStatus Parse(IEnumerable<string> fields)
    {
        string? head = null, branch = null;
        var files = new List<ChangedFile>();
        bool hasConflicts = false;
        foreach (string line in fields)
        {
            if (line.Length < 3) continue;
            switch (line[0])
            {
                // # branch.oid <commit> | (initial), # branch.head <branch> | (detached)
                case '#' when line.StartsWith("# branch.oid ", StringComparison.Ordinal):
                    head = line[13..] is var id && id[0] == '(' ? null : id;
                    break;
                case '#' when line.StartsWith("# branch.head ", StringComparison.Ordinal):
                    branch = line[14..] is var name && name == "(detached)" ? null : name;
                    break;
                case '1':
                    files.Add(ParseChanged(line));
                    break;
                case 'u':
                    hasConflicts = true;
                    break;
                // ? <path>
                case '?':
                    files.Add(new ChangedFile(new GitPath(line[2..]), '.', '?', false, null));
                    break;
            }
        }

        return new WorktreeStatus(head, branch, files, hasConflicts);
    }

    /// <summary><c>1 XY sub mH mI mW hH hI path</c>.</summary>
    private static ChangedFile ParseChanged(string line)
    {
        string[] parts = line.Split(' ', 9);
        bool isSubmodule = parts[2][0] == 'S' || parts[3] == Submodule || parts[4] == Submodule;
        return new ChangedFile(new GitPath(parts[8]), parts[1][0], parts[1][1], isSubmodule, parts[4] == Nothing ? null : parts[7]);
    }
}
