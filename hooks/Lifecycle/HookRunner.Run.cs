using System.Globalization;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Hooks;

/// <summary>One run of a hook: its tries, their time limit, what a failure does.</summary>
public sealed partial class HookRunner
{
    private const string NoMarker = "runs again in the next container unless its marker can be written until then";

    /// <summary>Runs a hook until it succeeds or its tries are used up.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="cancellation">Ends the try that is under way, and makes it the last one.</param>
    /// <param name="firstTry">Above 1 where an earlier daemon made those before.</param>
    private async Task RunAsync(Hook hook, CancellationToken cancellation, int firstTry = 1)
    {
        HookSpec spec = hook.Spec;
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset started = firstTry == 1 ? now : hook.Status.StartedAt ?? now;
        // Taken before the run: what changes while it runs is a change.
        string fingerprint = spec.Event <= HookEvent.PostCreate ? _host.FingerprintOf(spec) : "";
        for (int attempt = firstTry; ; attempt++)
        {
            (HookStatus status, IStartedProcess? process) = await TryAsync(hook, spec, attempt, started, cancellation);
            bool isLast = status.State == HookState.Succeeded || attempt > spec.Retries || cancellation.IsCancellationRequested;
            if (isLast)
            {
                Set(hook, status.State == HookState.Succeeded ? Mark(hook, spec, fingerprint, status) : status);
                process?.Release();
                return;
            }

            TimeSpan pause = PauseAfter(attempt);
            Say(hook, $"try {attempt + 1} of {spec.Retries + 1} in {Seconds(pause)}");
            Set(hook, status with { State = HookState.Running, EndedAt = null, Reason = $"{status.Reason}; tries again in {Seconds(pause)}" });
            process?.Release();
            if (!await WaitAsync(pause, cancellation))
            {
                Set(hook, status);
                return;
            }
        }
    }

    private async Task<(HookStatus Status, IStartedProcess? Process)> TryAsync(Hook hook, HookSpec spec, int attempt, DateTimeOffset started, CancellationToken cancellation)
    {
        string key = $"{_life}.hook.{Interlocked.Increment(ref _runs).ToString(CultureInfo.InvariantCulture)}";
        string tries = spec.Retries == 0 ? "" : $", try {attempt} of {spec.Retries + 1}";
        var running = new HookStatus { State = HookState.Running, StartedAt = started, Tries = attempt, Process = key };
        Say(hook, $"{spec.Name}: begins{tries}");
        IStartedProcess process;
        try
        {
            ProcessRequest request = await _host.RequestOfAsync(spec, key, cancellation);
            // Before it is started: a daemon that comes after us must not start it a second time.
            Set(hook, running);
            process = _starter.Start(request, bytes => _host.OnOutput(hook, bytes));
        }
        catch (IOException failure)
        {
            return (NotStarted(hook, running, failure), null);
        }

        return (await FollowAsync(hook, spec, process, running, cancellation), process);
    }

    private HookStatus NotStarted(Hook hook, HookStatus running, IOException failure)
    {
        Say(hook, $"{hook.Name}: {failure.Message}");
        return running with { State = HookState.Failed, Reason = failure.Message, EndedAt = _time.GetUtcNow(), Process = null };
    }

    /// <summary>Waits for the end of a try, or brings it about.</summary>
    private async Task<HookStatus> FollowAsync(Hook hook, HookSpec spec, IStartedProcess process, HookStatus running, CancellationToken cancellation)
    {
        string? cancelled = null;
        if (!await EndsWithinAsync(process, spec.Timeout, cancellation))
        {
            cancelled = cancellation.IsCancellationRequested ? "cancelled" : $"ran longer than {Seconds(spec.Timeout)}";
            // Where the stop of the devbox cancels, the hook has its grace; where the time for the stop itself is over, nothing has.
            await process.EndAsync(CancelGrace, cancellation == _stop.Token ? CancellationToken.None : cancellation);
        }

        ExitStatus exit = await process.Ended;
        HookStatus status = running with { EndedAt = _time.GetUtcNow(), ExitCode = exit.ShellCode, Process = null };
        string took = Seconds(status.Duration!.Value);
        Say(hook, $"{spec.Name}: {(cancelled is null ? exit.ToString() : $"{cancelled}, {exit}")}, after {took}");
        if (cancelled is null && exit.ShellCode == 0) return status with { State = HookState.Succeeded };
        return status with { State = HookState.Failed, Reason = cancelled ?? exit.ToString() };
    }

    private async Task<bool> EndsWithinAsync(IStartedProcess process, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await process.Ended.WaitAsync(limit == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : limit, _time, cancellation);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return process.Ended.IsCompleted;
        }
    }

    /// <summary>Markers that could not be written were written: their hooks have nothing to say any more.</summary>
    /// <param name="markers">Their names.</param>
    public void OnMarked(IReadOnlyList<string> markers)
    {
        foreach (Hook hook in Hooks.Where(hook => hook.Status is { State: HookState.Succeeded, Reason: { } reason } && reason.StartsWith(NoMarker, StringComparison.Ordinal)))
        {
            if (!markers.Contains(HookNames.MarkerOf(hook.Spec))) continue;
            Say(hook, $"{hook.Name}: its marker is written");
            Set(hook, hook.Status with { Reason = null });
        }
    }

    private HookStatus Mark(Hook hook, HookSpec spec, string fingerprint, HookStatus status)
    {
        if (spec.Event > HookEvent.PostCreate) return status;
        try
        {
            _markers.Keep(HookNames.MarkerOf(spec), fingerprint);
            return status;
        }
        catch (IOException failure)
        {
            // It did its work; that it may run again is worth saying and not worth failing for.
            Say(hook, $"{spec.Name}: its marker is not written yet: {failure.Message}");
            return status with { Reason = $"{NoMarker}: {failure.Message}" };
        }
    }

    private async Task<bool> WaitAsync(TimeSpan pause, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(pause, _time, cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TimeSpan PauseAfter(int attempt)
    {
        TimeSpan pause = FirstRetry * Math.Pow(2, Math.Min(attempt - 1, 10));
        return pause < LongestRetry ? pause : LongestRetry;
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
