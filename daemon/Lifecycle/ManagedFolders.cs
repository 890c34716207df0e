using Sessiond.Daemon.Sessions;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Folders that are cloned for one session and removed with it, unless work would be lost.</summary>
/// <param name="root">Where they are: below the state folder.</param>
internal sealed class ManagedFolders(string root)
{
    private const uint EnterOnly = 0x1C9; // 0711: a session's user passes through to their own folder
    private const uint OwnerOnly = 0x1C0; // 0700

    /// <summary>The clone of a session.</summary>
    internal string PathOf(string session, SessionWorkspaceSpec workspace)
    {
        string name = workspace.Git.TrimEnd('/').Split('/', ':')[^1];
        if (name.EndsWith(".git", StringComparison.Ordinal)) name = name[..^4];
        return Path.Combine(root, session, SpecName.IsValid(name) ? name : "workspace");
    }

    /// <summary>Makes the folder around the clone, for the session's user to write in.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal void Prepare(SessionDefinition definition)
    {
        string around = Path.GetDirectoryName(definition.ClonePath!)!;
        Directory.CreateDirectory(around);
        if (definition.User.IsCurrent) return;
        FileOwnership.SetMode(Path.GetDirectoryName(root)!, EnterOnly);
        FileOwnership.SetMode(root, EnterOnly);
        FileOwnership.SetMode(around, OwnerOnly);
        FileOwnership.Give(around, definition.User);
    }

    /// <summary>The script that clones: whole, or not at all.</summary>
    internal static IReadOnlyList<string> CloneArgv(SessionDefinition definition) =>
    [
        "/bin/sh", "-c",
        """
        rm -rf "$2.partial" &&
        git clone --progress -- "$1" "$2.partial" &&
        { [ -z "$3" ] || git -C "$2.partial" checkout --quiet "$3" --; } &&
        mv "$2.partial" "$2"
        """,
        "sh", definition.Repository!.Git, definition.ClonePath!, definition.Repository.Ref ?? "",
    ];

    /// <summary>Removes a session's folder, as far as it lets itself be removed: a process that outlived SIGKILL may hold on to it. Blocks as long as that takes.</summary>
    internal static void Remove(SessionDefinition definition)
    {
        if (definition.ClonePath is { } clone) FolderTree.Delete(Path.GetDirectoryName(clone)!);
    }
}
