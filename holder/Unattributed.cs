using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Processes below the holder that no session can be told for any more: they left the session, wiped their environment and were adopted. When the holder stops they are
/// ended too, so that nothing is left behind.
/// </summary>
public static class Unattributed
{
    /// <summary>Looks until which they must be gone; each kills what it finds.</summary>
    private const int MaxLooks = 100;

    /// <summary>The holder of this daemon, asked for while it surely lives.</summary>
    public static int Holder() => ProcessTable.Find(Environment.ProcessId)?.Parent ?? 0;

    /// <summary>Ends what is left below the holder, but ourselves. For a daemon that has ended everything else.</summary>
    /// <param name="scanner">Looks at the process table.</param>
    /// <param name="holder">Its pid. When it is not our parent any more it has died, its children are another's, and nothing is touched.</param>
    /// <returns>How many there were.</returns>
    public static async Task<int> EndAsync(ProcessScanner scanner, int holder)
    {
        var seen = new HashSet<(int, long)>();
        for (int look = 0; look < MaxLooks; look++)
        {
            ProcessScan scan = await scanner.NextAsync();
            int self = Environment.ProcessId;
            if (holder <= 0 || scan.Find(self)?.Parent != holder) break;
            ProcessEntry[] left = [.. scan.ChildrenOf(holder).Where(entry => entry.Pid != self && !entry.IsZombie)];
            if (left.Length == 0) break;
            foreach (ProcessEntry entry in left)
            {
                seen.Add((entry.Pid, entry.StartTicks));
                ProcessTable.Signal(entry, SignalNames.Kill);
            }
        }

        return seen.Count;
    }
}
