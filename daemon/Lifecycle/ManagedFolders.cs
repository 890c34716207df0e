using System.Text;
using Sessiond.Daemon.Sessions;
using Sessiond.Hooks;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Folders that are cloned for one session and removed with it, unless work would be lost.</summary>
/// <param name="root">Where they are: below the state folder.</param>
/// <param name="starter">Runs git, as the session's user.</param>
internal sealed class ManagedFolders(string root, IProcessStarter starter)
{
    private const uint EnterOnly = 0x1C9; // 0711: a session's user passes through to their own folder
    private const uint OwnerOnly = 0x1C0; // 0700

    /// <summary>Lines that a refusal names of each kind: a person reads them.</summary>
    private const int MaxNamed = 50;

    /// <summary>Bytes of git's answer that are looked at.</summary>
    private const int MaxAnswer = 1 << 20;

    private static readonly TimeSpan GitLimit = TimeSpan.FromSeconds(30);

    private long _runs;

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

    /// <summary>What a removal would lose, for a person; empty: nothing.</summary>
    internal async Task<IReadOnlyList<string>> UnsavedAsync(SessionDefinition definition)
    {
        if (definition.ClonePath is not { } folder || !Directory.Exists(folder)) return [];
        try
        {
            IEnumerable<string> changed = await GitAsync(definition, '\0', "status", "--porcelain=v1", "-z", "--untracked-files=all");
            // A clone of an empty repository has no HEAD to ask about.
            bool hasCommits = (await GitAsync(definition, '\n', "for-each-ref", "--count=1")).Any();
            IEnumerable<string> commits = hasCommits
                ? await GitAsync(definition, '\n', "log", "--branches", "HEAD", "--not", "--remotes", "--format=%h %s")
                : [];
            IEnumerable<string> stashes = await GitAsync(definition, '\n', "stash", "list");
            return
            [
                .. Some("uncommitted", changed.Select(line => line.Length > 3 ? line[3..] : line)),
                .. Some("unpushed", commits),
                .. Some("stashed", stashes),
            ];
        }
        catch (IOException failure)
        {
            return [$"what is in {folder} cannot be told: {failure.Message}"];
        }
    }

    /// <summary>Removes a session's folder.</summary>
    internal static void Remove(SessionDefinition definition)
    {
        if (definition.ClonePath is null) return;
        try
        {
            Directory.Delete(Path.GetDirectoryName(definition.ClonePath)!, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Never made, or a process that outlived SIGKILL holds on to it.
        }
    }

    private static IEnumerable<string> Some(string kind, IEnumerable<string> items)
    {
        string[] all = [.. items];
        foreach (string item in all.Take(MaxNamed)) yield return $"{kind}: {item}";
        if (all.Length > MaxNamed) yield return $"{kind}: {all.Length - MaxNamed} more";
    }

    private async Task<IEnumerable<string>> GitAsync(SessionDefinition definition, char separator, params string[] arguments)
    {
        var output = new List<byte>();
        IStartedProcess git = starter.Start(
            new ProcessRequest
            {
                Key = $"git.{definition.Name}.{Interlocked.Increment(ref _runs)}",
                Argv = ["git", .. arguments],
                Environment = new Dictionary<string, string>(definition.Environment)
                {
                    ["LC_ALL"] = "C",
                    ["GIT_OPTIONAL_LOCKS"] = "0",
                    ["GIT_TERMINAL_PROMPT"] = "0",
                    ["GIT_PAGER"] = "cat",
                },
                WorkingFolder = definition.ClonePath!,
                User = definition.User,
            },
            bytes =>
            {
                lock (output)
                {
                    if (output.Count < MaxAnswer) output.AddRange(bytes);
                }
            });
        try
        {
            ExitStatus status = await git.Ended.WaitAsync(GitLimit);
            string text;
            lock (output) text = Encoding.UTF8.GetString([.. output]);
            if (status.ShellCode != 0) throw new IOException($"git {arguments[0]} {status}: {text.Trim()}");
            return text.Split(separator, StringSplitOptions.RemoveEmptyEntries);
        }
        catch (TimeoutException)
        {
            await git.EndAsync(TimeSpan.Zero, CancellationToken.None);
            throw new IOException($"git {arguments[0]} took longer than {GitLimit.TotalSeconds:0} s");
        }
    }
}
