using System.Globalization;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Pty;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>
/// The cgroups of everything that the holder runs: a folder <c>sessiond-LIFE</c> below our own, in it <c>s-EPOCH/RUN</c> for a session's run and <c>p-KEY</c> for another process.
/// Where none can be made everything goes on without.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class Cgroups
{
    /// <summary>Set to <c>off</c> it keeps us from using any.</summary>
    internal const string Switch = "SESSIOND_CGROUPS";

    private const string RootPrefix = "sessiond-";
    private const string SessionPrefix = "s-";
    private const string ProcessPrefix = "p-";

    /// <summary>Tries to make a folder whose parent somebody else removes for being empty.</summary>
    private const int Tries = 3;

    /// <summary>Looks until which what is left must be gone when everything stops; each kills what it finds.</summary>
    private const int MaxLooks = 50;

    /// <summary>Between two looks, unless the kernel says earlier that nobody is left.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly EpollLoop _loop;
    private readonly Lock _gate = new(); // guards _occupied
    private readonly List<Cgroup> _occupied = []; // of processes that ended and left some in the background

    private Cgroups(string? root, SafeFd? rootLock, EpollLoop loop)
    {
        Root = root;
        RootLock = rootLock;
        _loop = loop;
        if (root is not null) _occupied.AddRange(new Cgroup(root, loop).Children().Where(child => child.Name.StartsWith(ProcessPrefix, StringComparison.Ordinal)));
    }

    /// <summary>The folder of all; null: there are none.</summary>
    internal string? Root { get; }

    /// <summary>Says to others that the folder is somebody's; the holder's to keep. Null in a daemon that found everything made.</summary>
    internal SafeFd? RootLock { get; }

    /// <summary>Makes the folder, or goes on with the one that the daemon before us made.</summary>
    internal static Cgroups Open(DevboxRecord? before, string life, IReadOnlyDictionary<string, string> environment, EpollLoop loop, ILogger logger)
    {
        if (before is not null) return new Cgroups(before.Cgroup, null, loop);
        string reason = $"{Switch}=off";
        string? own = environment.GetValueOrDefault(Switch) == "off" ? null : CgroupMount.Own(out reason);
        string? root = own is null ? null : Path.Combine(own, RootPrefix + life);
        SafeFd? rootLock = null;
        if (root is not null && TryMakeRoot(own!, root, loop, out rootLock) is { } problem)
        {
            reason = problem;
            root = null;
        }

        if (root is null) logger.NoCgroups(reason);
        if (own is not null) RemoveLeftovers(own, root, loop, logger);
        return new Cgroups(root, rootLock, loop);
    }

    /// <summary>The cgroup of all runs of a session, whether there is one or not yet.</summary>
    internal Cgroup? OfSession(string epoch) => Root is null ? null : new Cgroup(Path.Combine(Root, SessionPrefix + epoch), _loop);

    /// <summary>Makes the cgroup of one run; null: it has to go without.</summary>
    internal Cgroup? MakeRun(string epoch, int run) => Make(Path.Combine(SessionPrefix + epoch, run.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Makes the cgroup of a process that is no session's; null: it has to go without.</summary>
    internal Cgroup? MakeProcess(string key) => Make(ProcessPrefix + key);

    /// <summary>The cgroup of such a process of an earlier daemon.</summary>
    internal Cgroup? OfProcess(string key) => Root is null ? null : new Cgroup(Path.Combine(Root, ProcessPrefix + key), _loop);

    /// <summary>The keys that begin so of processes that are still there.</summary>
    internal IEnumerable<string> KeysOf(string prefix) => Root is null
        ? []
        : new Cgroup(Root, _loop).Children().Where(child => child.Name.StartsWith(ProcessPrefix + prefix, StringComparison.Ordinal)).Select(child => child.Name[ProcessPrefix.Length..]);

    /// <summary>What to spawn, in its cgroup.</summary>
    internal static SpawnRequest Place(SpawnRequest request, Cgroup? cgroup) =>
        cgroup is null ? request : request with { CgroupFolder = cgroup.Folder };

    /// <summary>A process has ended: its cgroup goes now, or when the last one goes that it left in the background.</summary>
    internal void Release(Cgroup? cgroup)
    {
        lock (_gate)
        {
            if (cgroup is not null) _occupied.Add(cgroup);
            _occupied.RemoveAll(ended => ended.TryRemove());
        }
    }

    /// <summary>Kills whatever is left, once everybody else has ended what was theirs, and removes the folder.</summary>
    /// <param name="holder">Is in one of them for a moment when it spawns; hence no cgroup.kill here.</param>
    /// <param name="time">Measures the patience.</param>
    /// <returns>How many there were.</returns>
    internal async Task<int> EndAsync(int holder, TimeProvider time)
    {
        if (Root is null) return 0;
        var all = new Cgroup(Root, _loop);
        var seen = new HashSet<(int, long)>();
        for (int look = 0; look < MaxLooks; look++)
        {
            ProcessEntry[] left = [.. all.Pids().Where(pid => pid != holder).Select(ProcessTable.Find).OfType<ProcessEntry>().Where(entry => !entry.IsZombie)];
            foreach (ProcessEntry entry in left)
            {
                seen.Add((entry.Pid, entry.StartTicks));
                ProcessTable.Signal(entry, SignalNames.Kill);
            }

            if (await all.IsEmptyWithinAsync(LookInterval, time, CancellationToken.None)) break;
        }

        all.TryRemove();
        return seen.Count;
    }

    private Cgroup? Make(string name)
    {
        if (Root is null) return null;
        string folder = Path.Combine(Root, name);
        for (int i = 0; i < Tries; i++)
        {
            try
            {
                Directory.CreateDirectory(folder);
                return new Cgroup(folder, _loop);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The parent may just have gone, or there are as many as may be.
            }
        }

        return null;
    }

    /// <summary>Makes the folder of all and tries there what a spawn will do; locked before that, since another daemon that starts now takes it for a leftover otherwise.</summary>
    /// <returns>What it failed at; null: it works.</returns>
    private static string? TryMakeRoot(string own, string root, EpollLoop loop, out SafeFd? held)
    {
        held = null;
        try
        {
            held = FolderLock.TryMake(root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }

        string? problem = held is null ? $"{root} cannot be locked" : CgroupMount.Try(own, Path.Combine(root, "check"));
        if (problem is null) return null;
        _ = new Cgroup(root, loop).TryRemove();
        held?.Dispose();
        held = null;
        return problem;
    }

    /// <summary>Folders of holders that are gone: the empty ones go too, of the others is told who is in them.</summary>
    private static void RemoveLeftovers(string own, string? ours, EpollLoop loop, ILogger logger)
    {
        foreach (Cgroup left in new Cgroup(own, loop).Children().Where(child => child.Name.StartsWith(RootPrefix, StringComparison.Ordinal) && child.Folder != ours))
        {
            using SafeFd? held = FolderLock.TryTake(left.Folder);
            if (held is null || left.TryRemove()) continue;
            logger.LeftoverProcesses(left.Folder, string.Join(", ", left.Pids().Select(pid => $"{pid} {ProcessTable.CommandLine(pid)}")));
        }
    }
}
