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
    private readonly string _mark;
    private readonly Dictionary<(int Pid, long Start), ProcessEntry> _known = [];

    /// <summary>Makes a finder.</summary>
    /// <param name="leader">Pid of the session leader.</param>
    /// <param name="mark">Value of <see cref="Mark"/> in its environment.</param>
    public SessionProcesses(int leader, string mark)
    {
        _leader = leader;
        _mark = mark;
    }

    /// <summary>
    /// The living processes now. What was once found stays found under its start time, so that a process whose parent ended, and which is
    /// therefore adopted, is not lost between two looks.
    /// </summary>
    public IReadOnlyList<ProcessEntry> Find()
    {
        List<ProcessEntry> all = ProcessTable.Read();
        var members = new Dictionary<int, ProcessEntry>();
        ILookup<int, ProcessEntry> children = all.ToLookup(entry => entry.Parent);
        foreach (ProcessEntry entry in all)
        {
            bool isMember = entry.Pid == _leader || entry.Session == _leader || _known.ContainsKey((entry.Pid, entry.StartTicks))
                || (!entry.IsZombie && ProcessTable.HasEnvironment(entry.Pid, Mark, _mark));
            if (isMember) AddWithDescendants(entry, children, members);
        }

        foreach (ProcessEntry entry in members.Values) _known[(entry.Pid, entry.StartTicks)] = entry;
        return members.Values.Where(entry => !entry.IsZombie).ToArray();
    }

    private static void AddWithDescendants(
        ProcessEntry root, ILookup<int, ProcessEntry> children, Dictionary<int, ProcessEntry> members)
    {
        var pending = new Stack<ProcessEntry>([root]);
        while (pending.TryPop(out ProcessEntry entry))
        {
            if (!members.TryAdd(entry.Pid, entry)) continue;
            foreach (ProcessEntry child in children[entry.Pid]) pending.Push(child);
        }
    }
}
