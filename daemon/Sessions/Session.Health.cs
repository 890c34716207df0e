using System.Globalization;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Holder;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Whether the program is ready, and whether it still works.</summary>
internal sealed partial class Session
{
    /// <summary>Between two tries after the deadline: somebody may be mending it, and a person who fixed a typo waits for the next one.</summary>
    private static readonly TimeSpan LateInterval = TimeSpan.FromSeconds(5);

    private CancellationTokenSource? _health; // under the gate; ends with the program
    private bool _isReady; // under the gate
    private string? _unhealthy; // under the gate; why the program is being ended for us

    /// <summary>State, reason and readiness, together. Any thread.</summary>
    internal (string State, string? Reason, bool IsReady) Condition
    {
        get
        {
            using (Enter()) return (_state, _reason, _isReady);
        }
    }

    /// <summary>The program runs: is it ready? Under the gate.</summary>
    private void BeginHealth(SessionDefinition definition)
    {
        _isReady = definition.Ready is null;
        SetState(_isReady ? SessionStates.Running : SessionStates.Initializing, _isReady ? null : $"waits until it is ready: {Describe(definition.Ready!.Probe)}");
        WatchHealth(definition);
    }

    /// <summary>The program ran while a daemon before us ended. Under the gate.</summary>
    private void AdoptHealth(bool wasReady)
    {
        SessionDefinition definition = _definition;
        _isReady = wasReady || definition.Ready is null;
        if (_state == SessionStates.Starting)
        {
            BeginHealth(definition);
            return;
        }

        if (_isReady && _state == SessionStates.Initializing) SetState(SessionStates.Running, null);
        WatchHealth(definition);
    }

    private void WatchHealth(SessionDefinition definition)
    {
        _unhealthy = null;
        if (definition.Ready is null && definition.Live is null) return;
        _health = new CancellationTokenSource();
        CancellationToken cancellation = _health.Token;
        long from = _runFrom;
        bool isReady = _isReady;
        _ = Task.Run(() => WatchHealthAsync(definition, isReady, from, cancellation), CancellationToken.None);
    }

    /// <summary>The program is no more. Under the gate.</summary>
    private void EndHealth()
    {
        _isReady = false;
        // Not here and now: whoever waits on it would go on inside the gate.
        _ = _health?.CancelAsync();
        _health = null;
    }

    private async Task WatchHealthAsync(SessionDefinition definition, bool isReady, long from, CancellationToken cancellation)
    {
        try
        {
            if (!isReady && definition.Ready is { } ready)
            {
                await UntilReadyAsync(definition, ready, from, cancellation);
                using (Enter())
                {
                    if (cancellation.IsCancellationRequested) return;
                    _isReady = true;
                    if (_state is SessionStates.Initializing or SessionStates.Failed) SetState(SessionStates.Running, null);
                }

                Keep();
                Changed();
            }

            if (definition.Live is { } live) await WhileAliveAsync(definition, live, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The program ended; what that means is decided where its end is seen.
        }
    }

    private async Task UntilReadyAsync(SessionDefinition definition, ReadyProbe ready, long from, CancellationToken cancellation)
    {
        long start = _services.Time.GetTimestamp();
        Task<string?>? text = ready.Probe.Text is { } pattern ? OutputMatch.FindAsync(_log, pattern, from, cancellation) : null;
        bool isLate = false;
        while (true)
        {
            string? problem = text is null
                ? await _services.Support.Probes.AskAsync(ready.Probe, definition, ready.Timeout, cancellation)
                : await AnswerWithinAsync(text, ready.Interval, cancellation);
            if (problem is null) return;
            bool isOver = _services.Time.GetElapsedTime(start) >= ready.Deadline;
            if (isOver && !isLate)
            {
                isLate = true;
                Tell(SessionStates.Failed, string.Create(CultureInfo.InvariantCulture, $"not ready within {ready.Deadline.TotalSeconds:0.###} s: {Describe(ready.Probe)}: {problem}"));
            }

            if (text is null) await Task.Delay(isLate && ready.Interval < LateInterval ? LateInterval : ready.Interval, _services.Time, cancellation);
        }
    }

    private async Task<string?> AnswerWithinAsync(Task<string?> match, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await match.WaitAsync(limit, _services.Time, cancellation);
            return await match is null ? "the output does not match" : null;
        }
        catch (TimeoutException)
        {
            return "the output does not match yet";
        }
    }

    private async Task WhileAliveAsync(SessionDefinition definition, LiveProbe live, CancellationToken cancellation)
    {
        int failures = 0;
        while (true)
        {
            await Task.Delay(live.Interval, _services.Time, cancellation);
            // Frozen processes answer nobody, and are not ill.
            if (State == SessionStates.Paused) continue;
            string? problem = await _services.Support.Probes.AskAsync(live.Probe, definition, live.Timeout, cancellation);
            failures = problem is null ? 0 : failures + 1;
            if (failures < live.Failures) continue;
            await EndUnhealthyAsync($"{Describe(live.Probe)} failed {failures} times: {problem}", cancellation);
            return;
        }
    }

    private async Task EndUnhealthyAsync(string reason, CancellationToken cancellation)
    {
        SessionProgram? program;
        using (Enter())
        {
            if (cancellation.IsCancellationRequested) return;
            program = _program;
            _unhealthy = reason;
            SetState(SessionStates.Stopping, reason);
        }

        Changed();
        if (program is null) return;
        var termination = new Termination(_services.Scanner, program.Processes, program.SignalGroup, _services.Time);
        await termination.RunAsync(Definition.StopSignal, Definition.StopTimeout, CancellationToken.None);
    }

    private static string Describe(Probe probe) =>
        probe.Http ?? (probe.Tcp is { } tcp ? $"tcp {tcp}" : probe.Exec is { } command ? command.ToString() : $"output that matches {probe.Text}");
}
