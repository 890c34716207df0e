using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Ends a session's processes (I8): the stop signal and SIGCONT to the group, grace; SIGTERM, grace; SIGKILL to everything until nothing is left.
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
        while ((await LookAsync(signal)).Count > 0)
        {
            if (cancellation.IsCancellationRequested || _time.GetElapsedTime(start) >= limit) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(LookInterval), _time, CancellationToken.None);
        }

        return true;
    }

    private async Task KillAsync()
    {
        long start = _time.GetTimestamp();
        // A process may fork while it is looked at: only a look that finds nothing ends this.
        while (await LookAsync(SignalNames.Kill) is { Count: > 0 } present && _time.GetElapsedTime(start).TotalMilliseconds < KillPatience)
        {
            SignalAll(present, SignalNames.Kill);
            await Task.Delay(TimeSpan.FromMilliseconds(LookInterval), _time, CancellationToken.None);
        }
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
