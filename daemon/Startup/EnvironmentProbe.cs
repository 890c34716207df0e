using System.Globalization;
using System.Text;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Holder;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Startup;

/// <summary>
/// Asks a shell for the environment that its startup files make (devcontainer's userEnvProbe): version managers and image layers put PATH entries there.
/// </summary>
internal sealed class EnvironmentProbe(HolderClient holder, Cgroups cgroups)
{
    /// <summary>A startup file that asks or hangs costs this much and no more.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of an environment: more than execve(2) takes.</summary>
    private const int MaxEnvironment = 4 << 20;

    /// <summary>Runs the shell once.</summary>
    /// <returns>Its environment; null, with a reason, when it gave none.</returns>
    internal async Task<(IReadOnlyDictionary<string, string>? Environment, string? Problem)> RunAsync(
        EnvProbe kind, string shell, UserIdentity user, IReadOnlyDictionary<string, string> inherited)
    {
        string flags = kind switch
        {
            EnvProbe.Login => "-lc",
            EnvProbe.Interactive => "-ic",
            _ => "-lic",
        };
        using MemoryFile output = MemoryFile.Create("sessiond-env-probe");
        long item = holder.NewItem();
        Cgroup? cgroup = cgroups.MakeProcess($"env.{item.ToString(CultureInfo.InvariantCulture)}");
        try
        {
            HeldRun run = await holder.SpawnAsync(item, 1, Cgroups.Place(new SpawnRequest
            {
                Argv = [shell, flags, "exec cat /proc/self/environ"],
                Environment = new Dictionary<string, string>(inherited) { ["HOME"] = user.Home, ["USER"] = user.Name, ["LOGNAME"] = user.Name, ["SHELL"] = shell },
                WorkingFolder = Directory.Exists(user.Home) ? user.Home : "/",
                Output = output.Fd,
                User = user,
            }, cgroup));
            bool isLate = !await EndedAsync(run);
            if (isLate)
            {
                run.SignalGroup(SignalNames.Kill);
                cgroup?.TryKill();
            }

            Dictionary<string, string> found = Parse(output.ReadAll(MaxEnvironment));
            if (found.Count > 0) return (found, null);
            string why = isLate ? $"took longer than {Limit.TotalSeconds:0} s" : "printed no environment";
            return (null, $"env_probe: {shell} {flags} {why}; sessions get the daemon's environment");
        }
        catch (IOException failure)
        {
            return (null, $"env_probe: {failure.Message}");
        }
        finally
        {
            holder.Forget(item);
            cgroups.Release(cgroup);
        }
    }

    private static async Task<bool> EndedAsync(HeldRun run)
    {
        try
        {
            await run.Ended.WaitAsync(Limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>NAME=VALUE entries, each ended by NUL; what a startup file printed before them has no NUL and spoils one entry at most.</summary>
    private static Dictionary<string, string> Parse(byte[] bytes)
    {
        var environment = new Dictionary<string, string>();
        foreach (string entry in Encoding.UTF8.GetString(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.IndexOf('=');
            if (equals > 0 && !entry.AsSpan(0, equals).ContainsAny("\r\n ")) environment[entry[..equals]] = entry[(equals + 1)..];
        }

        return environment;
    }
}
