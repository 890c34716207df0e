using System.Text;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Startup;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Sessions;

/// <summary>
/// Paths that a session's programs keep while they lead to what the newest attached client has: its SSH agent above all (T90). They are links in a folder of the session in the run
/// folder, which its user can pass through and not change. Any thread.
/// </summary>
/// <param name="folder">The session's folder; made when there is something to put in.</param>
/// <param name="logger">Told when it cannot be written.</param>
internal sealed class FollowedVariables(string folder, ILogger logger)
{
    /// <summary>Bytes of a socket's path, unix(7): through a longer one nothing can be reached.</summary>
    private const int MaxSocketPath = 107;

    /// <summary>Links of sessions that lead to links of sessions: a client may itself run in one.</summary>
    private const int MaxLinks = 16;

    private const uint EnterOnly = 0x1C9; // 0711

    private const string FileName = "environment";

    private readonly Lock _gate = new(); // guards _clients, _last, and that links are changed in order
    private readonly List<(object Client, IReadOnlyDictionary<string, string> Said)> _clients = []; // oldest first
    private readonly Dictionary<string, string> _last = [];
    private bool _isRemoved;

    /// <summary>Variable that names the file with all of them, for shells that were there before the client was.</summary>
    internal const string FileVariable = "SESSIOND_CLIENT_ENV";

    /// <summary>The folder around all of them.</summary>
    /// <param name="socketPath">The daemon's socket.</param>
    internal static string RootOf(string socketPath) => Path.Combine(Path.GetDirectoryName(socketPath)!, Path.GetFileNameWithoutExtension(socketPath) + ".clients");

    /// <summary>Removes what an earlier life of the devbox left.</summary>
    internal static void RemoveAll(string root)
    {
        try
        {
            if (FileOwnership.OwnerOf(root) == UserDatabase.CurrentUid) Directory.Delete(root, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Its links lead nowhere, and their names are not used again.
        }
    }

    /// <summary>A client came, or somebody who made the session for later.</summary>
    /// <param name="client">Who.</param>
    /// <param name="said">Its own variables.</param>
    /// <param name="user">The session's user.</param>
    internal void Add(object client, IReadOnlyDictionary<string, string> said, UserIdentity user)
    {
        if (said.Count == 0) return;
        lock (_gate)
        {
            _clients.Add((client, said));
            Apply(user);
        }
    }

    /// <summary>A client left: another one that is still there counts, if there is one; else what it had, for as long as it works.</summary>
    internal void Remove(object client, UserIdentity user)
    {
        lock (_gate)
        {
            if (_clients.RemoveAll(item => ReferenceEquals(item.Client, client)) > 0) Apply(user);
        }
    }

    /// <summary>Sets the variables in a program's environment.</summary>
    /// <param name="environment">The program's.</param>
    /// <param name="isNamed">Whether the spec or the session's maker says something about a variable: that counts then.</param>
    /// <param name="user">The session's user.</param>
    internal void Apply(Dictionary<string, string> environment, Func<string, bool> isNamed, UserIdentity user)
    {
        if (Encoding.UTF8.GetByteCount(PathOf("vscode.sock")) > MaxSocketPath) return;
        lock (_gate)
        {
            foreach (ClientVariable variable in ClientVariables.All)
            {
                if (isNamed(variable.Name)) continue;
                // What a client of an earlier daemon had, or what the daemon itself was started with, counts until somebody attaches.
                string? before = variable.Link is { } path ? new FileInfo(PathOf(path)).LinkTarget : null;
                if ((before ?? environment.GetValueOrDefault(variable.Name)) is { } first) _last.TryAdd(variable.Name, first);
                if (variable.Link is null && _last.TryGetValue(variable.Name, out string? value)) environment[variable.Name] = value;
                if (variable.Link is { } link && (variable.IsAlwaysSet || _last.ContainsKey(variable.Name))) environment[variable.Name] = PathOf(link);
            }

            environment[FileVariable] = PathOf(FileName);
            if (_last.Count > 0) Apply(user);
        }
    }

    /// <summary>The session is gone.</summary>
    internal void Delete()
    {
        lock (_gate)
        {
            _isRemoved = true;
            try
            {
                if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Removed with the others at the next start.
            }
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Has everything lead to where the clients that are there now say. Under the gate.</summary>
    private void Apply(UserIdentity user)
    {
        if (_isRemoved) return;
        foreach (ClientVariable variable in ClientVariables.All)
        {
            string[] said = [.. _clients.Select(client => client.Said.GetValueOrDefault(variable.Name)).OfType<string>().Reverse()];
            string? newest = variable.Link is { } link ? said.FirstOrDefault(path => Leads(path, PathOf(link), user)) : said.FirstOrDefault();
            if (newest is not null) _last[variable.Name] = newest;
        }

        try
        {
            MakeFolder();
            foreach (ClientVariable variable in ClientVariables.All)
            {
                if (variable.Link is not { } link || !_last.TryGetValue(variable.Name, out string? target) || target == PathOf(link)) continue;
                if (new FileInfo(PathOf(link)).LinkTarget != target) SymbolicLink.Replace(PathOf(link), target);
            }

            WriteFile(user);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.StartupWarning($"{folder}: {exception.Message}; programs do not follow their clients' variables");
        }
    }

    /// <summary>Whether a path is there, the user's own (what else there is in the file system is no answer to give them), and not in the end the link itself.</summary>
    private static bool Leads(string path, string link, UserIdentity user)
    {
        try
        {
            for (int i = 0; i < MaxLinks && path != link; i++)
            {
                if (new FileInfo(path).LinkTarget is not { } target) return user.IsCurrent ? File.Exists(path) : FileOwnership.OwnerOf(path) == user.Uid;
                path = Path.GetFullPath(target, Path.GetDirectoryName(path) ?? "/");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not to be reached for us: no more for the programs.
        }

        return false;
    }

    private void MakeFolder()
    {
        if (Directory.Exists(folder)) return;
        string root = Path.GetDirectoryName(folder)!;
        foreach (string path in (string[])[root, folder])
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            // The socket's folder may be one where anybody makes names.
            if (FileOwnership.OwnerOf(path) != UserDatabase.CurrentUid || new DirectoryInfo(path).LinkTarget is not null) throw new IOException($"{path} is another user's");
            FileOwnership.SetMode(path, EnterOnly);
        }
    }

    private void WriteFile(UserIdentity user)
    {
        var text = new StringBuilder();
        foreach (ClientVariable variable in ClientVariables.All)
        {
            if (!_last.TryGetValue(variable.Name, out string? value)) continue;
            string shown = variable.Link is { } link ? PathOf(link) : value;
            text.Append("export ").Append(variable.Name).Append("='").Append(shown.Replace("'", "'\\''", StringComparison.Ordinal)).Append("'\n");
        }

        string draft = PathOf(FileName + ".new");
        File.Delete(draft);
        using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            file.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }

        if (!user.IsCurrent) FileOwnership.Give(draft, user);
        File.Move(draft, PathOf(FileName), overwrite: true);
    }
}
