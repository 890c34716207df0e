using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Ends a session's processes (I8): the stop signal and SIGCONT to the group, grace; SIGTERM, grace; SIGKILL to everything until nothing is left. Cgroups are killed as a whole, and their
/// kernel says when they are empty; what is in none is looked for in /proc.
/// </summary>
/// <remarks>
/// The first signal is SIGHUP by default since an interactive shell ignores SIGTERM and SIGCONT wakes what was stopped so that it can end.
/// </remarks>
public sealed class Termination
{
    /// <summary>Milliseconds between two looks at /proc: well below what a person notices, a handful of looks per grace.</summary>
    private const int LookInterval = 15;

    /// <summary>The share of the grace, one part in so many, that SIGTERM gets before SIGKILL.</summary>
    private const int TerminateShare = 4;

    /// <summary>Milliseconds after SIGKILL in which the kernel has to take a process away; more means uninterruptible sleep.</summary>
    private const int KillPatience = 5000;

    /// <summary>How long processes may take to stand still before they are killed: an orderly report is worth no more.</summary>
    private static readonly TimeSpan FreezePatience = TimeSpan.FromMilliseconds(200);

    private readonly ProcessScanner _scanner;
    private readonly SessionProcesses _processes;
    private readonly Action<int>? _signalGroup;
    private readonly TimeProvider _time;
    private readonly Dictionary<(int Pid, long Start), EndedProcess> _seen = [];

    /// <summary>Prepares an end.</summary>
    /// <param name="scanner">Looks at the process table.</param>
    /// <param name="processes">Finds them.</param>
    /// <param name="signalGroup">Signals the leader's process group; null when the leader has ended.</param>
    /// <param name="time">Measures the grace.</param>
    public Termination(ProcessScanner scanner, SessionProcesses processes, Action<int>? signalGroup, TimeProvider time)
    {
        _scanner = scanner;
        _processes = processes;
        _signalGroup = signalGroup;
        _time = time;
    }

    /// <summary>Ends them and reports.</summary>
    /// <param name="stopSignal">The first signal.</param>
    /// <param name="grace">How long they may take before SIGKILL.</param>
    /// <param name="cancellation">Hurries: SIGKILL at once.</param>
    public async Task<TerminationReport> RunAsync(int stopSignal, TimeSpan grace, CancellationToken cancellation)
    {
        IReadOnlyList<ProcessEntry> present = await LookAsync(stopSignal);
        _signalGroup?.Invoke(stopSignal);
        _signalGroup?.Invoke(SignalNames.Continue);
        SignalAll(present, stopSignal);
        SignalAll(present, SignalNames.Continue);
        // What is frozen takes a signal only when it goes on.
        foreach (Cgroup cgroup in _processes.Cgroups()) cgroup.Thaw();
        if (!await GoneWithinAsync(grace - grace / TerminateShare, stopSignal, cancellation))
        {
            SignalAll(await LookAsync(SignalNames.Terminate), SignalNames.Terminate);
            if (!await GoneWithinAsync(grace / TerminateShare, SignalNames.Terminate, cancellation)) await KillAsync();
        }

        IReadOnlyList<ProcessEntry> left = await LookAsync(SignalNames.Kill);
        var alive = left.Select(entry => (entry.Pid, entry.StartTicks)).ToHashSet();
        return new TerminationReport(
            [.. _seen.Where(pair => !alive.Contains(pair.Key)).Select(pair => pair.Value)],
            [.. _seen.Where(pair => alive.Contains(pair.Key)).Select(pair => pair.Value)]);
    }

    private async Task<bool> GoneWithinAsync(TimeSpan limit, int signal, CancellationToken cancellation)
    {
        long start = _time.GetTimestamp();
        if (!await AreEmptyWithinAsync(limit, cancellation)) return false;
        while ((await LookAsync(signal)).Count > 0)
        {
            if (cancellation.IsCancellationRequested || _time.GetElapsedTime(start) >= limit) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(LookInterval), _time, CancellationToken.None);
        }

        return true;
    }

    private async Task KillAsync()
    {
        await KillCgroupsAsync();
        long start = _time.GetTimestamp();
        // A process may fork while it is looked at: only a look that finds nothing ends this.
        while (await LookAsync(SignalNames.Kill) is { Count: > 0 } present && _time.GetElapsedTime(start).TotalMilliseconds < KillPatience)
        {
            SignalAll(present, SignalNames.Kill);
            await Task.Delay(TimeSpan.FromMilliseconds(LookInterval), _time, CancellationToken.None);
        }
    }

    /// <summary>All of them at one moment, so that none is born meanwhile; frozen before, so that the report names each.</summary>
    private async Task KillCgroupsAsync()
    {
        IReadOnlyList<Cgroup> cgroups = _processes.Cgroups();
        await Task.WhenAll(cgroups.Select(cgroup => cgroup.FreezeAsync(FreezePatience, _time)));
        foreach (ProcessEntry entry in cgroups.SelectMany(cgroup => cgroup.Pids()).Select(ProcessTable.Find).OfType<ProcessEntry>()) Note(entry, SignalNames.Kill);
        bool[] killed = [.. cgroups.Select(cgroup => cgroup.TryKill())];
        // Where the kernel cannot, the looks at /proc do it.
        if (killed.All(isKilled => isKilled)) await AreEmptyWithinAsync(TimeSpan.FromMilliseconds(KillPatience), CancellationToken.None);
    }

    private async Task<bool> AreEmptyWithinAsync(TimeSpan limit, CancellationToken cancellation)
    {
        bool[] empty = await Task.WhenAll(_processes.Cgroups().Select(cgroup => cgroup.IsEmptyWithinAsync(limit, _time, cancellation)));
        return empty.All(isEmpty => isEmpty);
    }

    private void SignalAll(IReadOnlyList<ProcessEntry> processes, int signal)
    {
        foreach (ProcessEntry entry in processes)
        {
            if (ProcessTable.Signal(entry, signal) && signal != SignalNames.Continue) Note(entry, signal);
        }
    }

    private async Task<IReadOnlyList<ProcessEntry>> LookAsync(int signal)
    {
        IReadOnlyList<ProcessEntry> found = _processes.FindIn(await _scanner.NextAsync());
        foreach (ProcessEntry entry in found)
        {
            if (!_seen.ContainsKey((entry.Pid, entry.StartTicks))) Note(entry, signal);
        }

        return found;
    }

    private void Note(ProcessEntry entry, int signal)
    {
        string command = _seen.TryGetValue((entry.Pid, entry.StartTicks), out EndedProcess? known)
            ? known.Command
            : ProcessTable.CommandLine(entry.Pid);
        _seen[(entry.Pid, entry.StartTicks)] = new EndedProcess(entry.Pid, command, signal);
    }
}
