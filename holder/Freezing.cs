using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Stops every process of a session and lets it go on. Its cgroups are frozen. What is in none is sent SIGSTOP: parents first, so that none forks behind our back, and children go on first, so that none finds its parent
/// running and itself stopped. What was stopped before stays stopped after.
/// </summary>
public sealed class Freezing(ProcessScanner scanner, SessionProcesses processes, TimeProvider time)
{
    /// <summary>Looks after which a tree that still grows is left as it is: each one stops all that the look before has found.</summary>
    private const int MaxLooks = 20;

    /// <summary>How long a process may take to leave the kernel; one that waits for a dead disk stops when it comes back from there.</summary>
    private static readonly TimeSpan FreezePatience = TimeSpan.FromSeconds(2);

    /// <summary>Stops them.</summary>
    /// <param name="stops">Told, before each is sent SIGSTOP, which ones: whoever dies after the first has written down whom to let go on.</param>
    public async Task FreezeAsync(Action<IReadOnlyList<FrozenProcess>> stops)
    {
        IReadOnlyList<Cgroup> cgroups = processes.Cgroups();
        await Task.WhenAll(cgroups.Select(cgroup => cgroup.FreezeAsync(FreezePatience, time)));
        var inside = cgroups.SelectMany(cgroup => cgroup.Pids()).ToHashSet();
        for (int look = 0; look < MaxLooks; look++)
        {
            ProcessScan scan = await scanner.NextAsync();
            ProcessEntry[] running = [.. ParentsFirst(processes.FindIn(scan), scan).Where(entry => !entry.IsStopped && !inside.Contains(entry.Pid))];
            if (running.Length == 0) break;
            stops([.. running.Select(entry => new FrozenProcess(entry.Pid, entry.StartTicks))]);
            foreach (ProcessEntry entry in running) ProcessTable.Signal(entry, SignalNames.Stop);
        }
    }

    /// <summary>Lets them go on.</summary>
    public async Task ThawAsync(IReadOnlyList<FrozenProcess> frozen)
    {
        foreach (Cgroup cgroup in processes.Cgroups()) cgroup.Thaw();
        if (frozen.Count == 0) return;
        ProcessScan scan = await scanner.NextAsync();
        var wanted = frozen.ToDictionary(process => process.Pid, process => process.StartTicks);
        foreach (ProcessEntry entry in ParentsFirst(processes.FindIn(scan), scan).Reverse())
        {
            if (wanted.TryGetValue(entry.Pid, out long start) && start == entry.StartTicks) ProcessTable.Signal(entry, SignalNames.Continue);
        }
    }

    private static IEnumerable<ProcessEntry> ParentsFirst(IReadOnlyList<ProcessEntry> entries, ProcessScan scan) =>
        entries.OrderBy(entry => DepthOf(entry, scan)).ThenBy(entry => entry.StartTicks);

    private static int DepthOf(ProcessEntry entry, ProcessScan scan)
    {
        int depth = 0;
        for (ProcessEntry? parent = scan.Find(entry.Parent); parent is { } next && depth < short.MaxValue; parent = scan.Find(next.Parent)) depth++;
        return depth;
    }
}
