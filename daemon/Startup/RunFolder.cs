using Sessiond.Daemon.Access;
using Sessiond.Pty;

namespace Sessiond.Daemon.Startup;

/// <summary>The folder of the socket: /run/sessiond, the user's runtime folder, or one in /tmp that is checked to be ours.</summary>
internal static class RunFolder
{
    private const uint OwnerOnly = 0x1C0; // 0700
    private const uint OthersPass = 0x1C9; // 0711

    /// <summary>The path of the socket; its folder exists and has the right permissions.</summary>
    /// <exception cref="IOException">No folder can be used.</exception>
    internal static string SocketPath(string? asked, Admission admission)
    {
        if (asked is not null)
        {
            string path = Path.GetFullPath(asked);
            string folder = Path.GetDirectoryName(path)!;
            // A folder that was there is its owner's business; one that we make is private.
            if (!Directory.Exists(folder)) Prepare(folder, admission);
            return path;
        }

        foreach (string folder in Candidates())
        {
            try
            {
                Prepare(folder, admission);
                return Path.Combine(folder, "sessiond.sock");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next one.
            }
        }

        throw new IOException($"none of {string.Join(", ", Candidates())} can be used for the socket; give one with --socket");
    }

    private static IEnumerable<string> Candidates()
    {
        yield return "/run/sessiond";
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime) yield return Path.Combine(runtime, "sessiond");
        yield return $"/tmp/sessiond-{UserDatabase.CurrentUid}";
    }

    private static void Prepare(string folder, Admission admission)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // Anyone may make a folder, or a link to one, in /tmp before us: only our own is used.
        if (FileOwnership.OwnerOf(folder) != UserDatabase.CurrentUid) throw new IOException($"{folder} is another user's");
        FileOwnership.SetMode(folder, admission.AdmitsOthers ? OthersPass : OwnerOnly);
    }
}
