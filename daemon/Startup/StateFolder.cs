using Sessiond.Hooks;
using Sessiond.Pty;

namespace Sessiond.Daemon.Startup;

/// <summary>The folder that outlives the container where the platform mounts one: logs and markers.</summary>
internal static class StateFolder
{
    /// <summary>The folder, made when absent; null when nothing is writable: logs are in memory only then.</summary>
    internal static string? Find(string? asked, string? fromSpec, out string? warning)
    {
        warning = null;
        string[] candidates = asked is not null ? [Path.GetFullPath(asked)] : fromSpec is not null ? [fromSpec] : [.. Defaults()];
        foreach (string folder in candidates)
        {
            try
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                string probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
                File.WriteAllBytes(probe, []);
                File.Delete(probe);
                warning = null;
                return folder;
            }
            catch (IOException exception) when (WholeFile.IsNoRoom(exception) && Directory.Exists(folder))
            {
                // Full, not refused: what is written later finds room once there is some.
                warning = $"state_dir {folder} is full ({exception.Message}): nothing is kept until there is room";
                return folder;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                warning = $"state_dir {folder} is not writable ({exception.Message}): logs are kept in memory only";
            }
        }

        return null;
    }

    private static IEnumerable<string> Defaults()
    {
        if (UserDatabase.IsRoot) yield return "/var/lib/sessiond";
        if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state) yield return Path.Combine(state, "sessiond");
        yield return Path.Combine(UserDatabase.Current().Home, ".local/state/sessiond");
    }
}
