using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Looks at /proc for everybody who ends a session: those who ask while a look is under way share the next one, so that a thousand sessions that end together
/// cost a few looks and not thousands.
/// </summary>
public sealed class ProcessScanner
{
    private readonly Lock _gate = new(); // guards _running and _next
    private readonly Dictionary<(int Pid, long Start), string?> _marks = []; // of the scan under way alone
    private Task<ProcessScan>? _next;
    private Task _running = Task.CompletedTask;

    /// <summary>A look that began after this call. Any thread.</summary>
    public Task<ProcessScan> NextAsync()
    {
        lock (_gate)
        {
            return _next ??= ScanAfterAsync(_running);
        }
    }

    private async Task<ProcessScan> ScanAfterAsync(Task before)
    {
        await Task.Yield();
        await before;
        // Whoever waits for its turn looks on a thread of its own, after these have their result.
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _running = done.Task;
            _next = null;
        }

        try
        {
            return Scan();
        }
        finally
        {
            done.SetResult();
        }
    }

    private ProcessScan Scan()
    {
        List<ProcessEntry> entries = ProcessTable.Read();
        var present = entries.Select(entry => (entry.Pid, entry.StartTicks)).ToHashSet();
        foreach ((int Pid, long Start) gone in _marks.Keys.Where(key => !present.Contains(key)).ToArray()) _marks.Remove(gone);
        return new ProcessScan(entries, MarkOf);
    }

    /// <summary>A mark that was found stays: a process that executes another program with a clean environment is still the session's.</summary>
    private string? MarkOf(ProcessEntry entry)
    {
        (int, long) key = (entry.Pid, entry.StartTicks);
        if (_marks.TryGetValue(key, out string? known)) return known;
        string? mark = entry.IsZombie ? null : ProcessTable.EnvironmentValue(entry.Pid, SessionProcesses.Mark);
        if (mark is not null) _marks[key] = mark;
        return mark;
    }
}
