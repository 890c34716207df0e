using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>The process table at one moment, with what a search for a session's processes needs.</summary>
public sealed class ProcessScan
{
    private readonly ILookup<int, ProcessEntry> _children;
    private readonly ILookup<string, ProcessEntry> _marked;
    private readonly ILookup<int, ProcessEntry> _sessions;
    private readonly Dictionary<int, ProcessEntry> _all;

    internal ProcessScan(IReadOnlyList<ProcessEntry> entries, Func<ProcessEntry, string?> markOf)
    {
        _all = entries.ToDictionary(entry => entry.Pid);
        _children = entries.ToLookup(entry => entry.Parent);
        _sessions = entries.ToLookup(entry => entry.Session);
        _marked = entries.Where(entry => markOf(entry) is not null).ToLookup(entry => markOf(entry)!);
    }

    /// <summary>The process of a pid; null when there is none.</summary>
    internal ProcessEntry? Find(int pid) => _all.TryGetValue(pid, out ProcessEntry entry) ? entry : null;

    /// <summary>Those of one session id.</summary>
    internal IEnumerable<ProcessEntry> OfSession(int session) => _sessions[session];

    /// <summary>Those whose environment carries a mark.</summary>
    internal IEnumerable<ProcessEntry> Marked(string mark) => _marked[mark];

    /// <summary>The direct children of a process.</summary>
    internal IEnumerable<ProcessEntry> ChildrenOf(int pid) => _children[pid];
}
