using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Finds what belongs to a session: its leader, what descends from it, what shares its session id, and what left all of that (setsid, double fork) but
/// still carries the session's mark in its environment.
/// </summary>
public sealed class SessionProcesses
{
    /// <summary>The variable whose value names one life of one session.</summary>
    public const string Mark = "SESSIOND_SESSION_ID";

    private readonly int _leader;
    private readonly long _leaderStart;
    private readonly string _mark;
    private readonly Dictionary<(int Pid, long Start), ProcessEntry> _known = [];

    /// <summary>Makes a finder.</summary>
    /// <param name="leader">Pid of the session leader, not yet reaped.</param>
    /// <param name="mark">Value of <see cref="Mark"/> in its environment.</param>
    public SessionProcesses(int leader, string mark)
    {
        _leader = leader;
        _leaderStart = ProcessTable.Find(leader)?.StartTicks ?? 0;
        _mark = mark;
    }

    /// <summary>
    /// The living processes in a look at the process table. What was once found stays found under its start time, so that a process whose parent ended,
    /// and which is therefore adopted, is not lost between two looks.
    /// </summary>
    /// <remarks>One caller at a time.</remarks>
    public IReadOnlyList<ProcessEntry> FindIn(ProcessScan scan)
    {
        var members = new Dictionary<int, ProcessEntry>();
        IEnumerable<ProcessEntry> known = _known.Values
            .Where(entry => scan.Find(entry.Pid)?.StartTicks == entry.StartTicks)
            .Select(entry => scan.Find(entry.Pid)!.Value);
        // The leader's number is the session id too, and may be a stranger's once everybody of the session is gone.
        bool isOurs = scan.Find(_leader) is not { } leader || leader.StartTicks == _leaderStart;
        IEnumerable<ProcessEntry> roots = [.. known, .. isOurs ? scan.OfSession(_leader) : [], .. scan.Marked(_mark)];
        foreach (ProcessEntry root in roots) AddWithDescendants(root, scan, members);
        foreach (ProcessEntry entry in members.Values) _known[(entry.Pid, entry.StartTicks)] = entry;
        return members.Values.Where(entry => !entry.IsZombie).ToArray();
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
