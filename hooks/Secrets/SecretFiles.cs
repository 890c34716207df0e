using System.Globalization;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Hooks.Secrets;

/// <summary>
/// Writes secrets that programs read from files. As the program's user, so that a path that a workspace names reaches nothing which that user could not write; but what the image
/// or the platform want below /run, where only root may write, by root itself.
/// </summary>
/// <param name="starter">Starts the process that writes.</param>
public sealed class SecretFiles(IProcessStarter starter)
{
    private const string RunFolder = "/run/";

    /// <summary>Whole or not at all, nothing of the value is left where it did not fit, and several that start at once do not take each other's draft away.</summary>
    private const string Script = """
        umask 077
        draft="$1.new.$$"
        trap 'rm -f "$draft"' EXIT
        trap 'exit 1' HUP INT TERM
        mkdir -p "$(dirname "$1")" && printf %s "$SESSIOND_SECRET" > "$draft" && chmod "$2" "$draft" && { sync "$draft" 2>/dev/null || :; } && mv -f "$draft" "$1"
        """;

    private static readonly Lock RootGate = new(); // one draft of a path at a time

    private static int _runs;

    /// <summary>Writes a file whole, or leaves it as it was.</summary>
    /// <param name="secret">Its place and mode.</param>
    /// <param name="value">What it is to hold.</param>
    /// <param name="user">Whose it is.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task WriteAsync(SecretSpec secret, string value, UserIdentity user)
    {
        string full = Path.GetFullPath(secret.Path!);
        bool isRoots = !secret.IsOfWorkspace && !user.IsCurrent && UserDatabase.IsRoot && full.StartsWith(RunFolder, StringComparison.Ordinal);
        if (isRoots) WriteAsRoot(full, value, secret.Mode, user);
        else await WriteAsUserAsync(full, value, secret.Mode, user);
    }

    private static void WriteAsRoot(string path, string value, UnixFileMode mode, UserIdentity user)
    {
        string folder = Path.GetDirectoryName(path)!;
        RefuseWritableByOthers(folder);
        Directory.CreateDirectory(
            folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        lock (RootGate) WholeFile.Replace(path, System.Text.Encoding.UTF8.GetBytes(value), mode, draft => FileOwnership.Give(draft, user));
    }

    /// <summary>Root follows no path that somebody else could turn elsewhere meanwhile.</summary>
    private static void RefuseWritableByOthers(string folder)
    {
        for (string? part = folder; part is not null && part.StartsWith(RunFolder, StringComparison.Ordinal); part = Path.GetDirectoryName(part))
        {
            var info = new DirectoryInfo(part);
            if (!info.Exists) continue;
            bool isSafe = info.LinkTarget is null && FileOwnership.OwnerOf(part) == 0
                && (info.UnixFileMode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;
            if (!isSafe) throw new IOException($"{part} is not root's alone");
        }
    }

    private async Task WriteAsUserAsync(string path, string value, UnixFileMode mode, UserIdentity user)
    {
        var request = new ProcessRequest
        {
            Key = $"secret-file.{Environment.ProcessId}.{Interlocked.Increment(ref _runs)}",
            Argv = ["/bin/sh", "-c", Script, "sh", path, Convert.ToString((int)mode, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture)],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["SESSIOND_SECRET"] = value },
            WorkingFolder = "/",
            User = user,
        };
        IStartedProcess process = starter.Start(request, static _ => { });
        ExitStatus status = await process.Ended;
        if (status.ShellCode != 0) throw new IOException($"{path} cannot be written by {user.Name}");
    }
}
