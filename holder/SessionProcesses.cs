using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Finds what belongs to a session: what is in its cgroups, its leader, what descends from it, what shares its session id, and what left all of that (setsid, double fork) but
/// still carries the session's mark in its environment.
/// </summary>
public sealed class SessionProcesses
{
    /// <summary>The variable whose value names one life of one session.</summary>
    public const string Mark = "SESSIOND_SESSION_ID";

    private readonly int _leader;
    private readonly long _leaderStart;
    private readonly string _mark;
    private readonly Cgroup? _cgroup;
    private readonly int? _lastRun;
    private readonly Lock _gate = new(); // guards _known: two ends of one session may be under way, a stop and a shutdown
    private readonly Dictionary<(int Pid, long Start), ProcessEntry> _known = [];

    /// <summary>Makes a finder.</summary>
    /// <param name="leader">Pid of the session leader, not yet reaped.</param>
    /// <param name="mark">Value of <see cref="Mark"/> in its environment.</param>
    /// <param name="cgroup">Where they are; null without cgroups.</param>
    /// <param name="lastRun">The cgroup has one below it for each run, named by its number, and those up to this one count: a later one is somebody else's to freeze or to end. Null: it is one itself.</param>
    public SessionProcesses(int leader, string mark, Cgroup? cgroup, int? lastRun = null)
    {
        _cgroup = cgroup;
        _lastRun = lastRun;
        _leader = leader;
        _leaderStart = ProcessTable.Find(leader)?.StartTicks ?? 0;
        _mark = mark;
    }

    /// <summary>The cgroups in which they are.</summary>
    public IReadOnlyList<Cgroup> Cgroups()
    {
        if (_cgroup is null) return [];
        if (_lastRun is null) return [_cgroup];
        return [.. _cgroup.Children().Where(run => int.TryParse(run.Name, out int number) && number <= _lastRun)];
    }

    /// <summary>
    /// The living processes in a look at the process table. What was once found stays found under its start time, so that a process whose parent ended,
    /// and which is therefore adopted, is not lost between two looks. Never this daemon and its holder, whatever cgroup they are in. Any thread.
    /// </summary>
    public IReadOnlyList<ProcessEntry> FindIn(ProcessScan scan)
    {
        // One that was forked after the look is looked at by itself.
        ProcessEntry[] inside = [.. Cgroups().SelectMany(cgroup => cgroup.Pids()).Select(pid => scan.Find(pid) ?? ProcessTable.Find(pid)).OfType<ProcessEntry>()];
        lock (_gate) return Find(scan, inside);
    }

    private ProcessEntry[] Find(ProcessScan scan, ProcessEntry[] inside)
    {
        int holder = scan.Find(Environment.ProcessId)?.Parent ?? 0;
        var members = new Dictionary<int, ProcessEntry>();
        IEnumerable<ProcessEntry> known = _known.Values
            .Where(entry => scan.Find(entry.Pid)?.StartTicks == entry.StartTicks)
            .Select(entry => scan.Find(entry.Pid)!.Value);
        // The leader's number is the session id too, and may be a stranger's once everybody of the session is gone.
        bool isOurs = scan.Find(_leader) is not { } leader || leader.StartTicks == _leaderStart;
        IEnumerable<ProcessEntry> roots = [.. known, .. inside, .. isOurs ? scan.OfSession(_leader) : [], .. scan.Marked(_mark)];
        foreach (ProcessEntry root in roots.Where(root => root.Pid != holder && root.Pid != Environment.ProcessId)) AddWithDescendants(root, scan, members);
        foreach (ProcessEntry entry in members.Values) _known[(entry.Pid, entry.StartTicks)] = entry;
        return [.. members.Values.Where(entry => !entry.IsZombie)];
    }

    private static void AddWithDescendants(ProcessEntry root, ProcessScan scan, Dictionary<int, ProcessEntry> members)
    {
        var pending = new Stack<ProcessEntry>([root]);
        while (pending.TryPop(out ProcessEntry entry))
        {
            if (!members.TryAdd(entry.Pid, entry)) continue;
            foreach (ProcessEntry child in scan.ChildrenOf(entry.Pid)) pending.Push(child);
        }
    }
}
