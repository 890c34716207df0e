using Sessiond.Spec;

namespace Sessiond.Hooks;

/// <summary>Runs the hooks of a devbox: in their order, once where they run once, again where that is asked for.</summary>
/// <remarks>
/// There is no plan that is worked off: each hook of the start has a task that looks whether what it waits for is there, waits for a change, and looks
/// again. So a rerun, a reload or a crash of the daemon in the middle needs no special way in. Nobody waits inside the gate.
/// </remarks>
public sealed partial class HookRunner : IDisposable
{
    /// <summary>How long a hook that is cancelled may take before SIGKILL.</summary>
    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(5);

    /// <summary>Before the second try; doubles.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new(); // guards _hooks (replaced as a whole), Hook.Run, _broken, _waitFor
    private readonly IProcessStarter _starter;
    private readonly IOnceMarkers _markers;
    private readonly IHookHost _host;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _life;
    private IReadOnlyList<Hook> _hooks = [];
    private IReadOnlyDictionary<string, string> _broken = new Dictionary<string, string>();
    private HookEvent _waitFor;
    private long _runs;
    private Task _attachRun = Task.CompletedTask; // under the gate
    private bool _attachAgain; // under the gate

    /// <summary>Makes a runner without hooks; <see cref="Load"/> gives it some.</summary>
    /// <param name="starter">Starts processes.</param>
    /// <param name="markers">What ran once.</param>
    /// <param name="host">The daemon.</param>
    /// <param name="time">The clock.</param>
    /// <param name="life">Names this life of the devbox, for keys of processes.</param>
    public HookRunner(IProcessStarter starter, IOnceMarkers markers, IHookHost host, TimeProvider time, string life)
    {
        _starter = starter;
        _markers = markers;
        _host = host;
        _time = time;
        _life = life;
    }

    /// <summary>All hooks, in the order of the spec. Any thread.</summary>
    public IReadOnlyList<Hook> Hooks => Volatile.Read(ref _hooks);

    /// <summary>Changes when a hook does.</summary>
    public ChangeSignal Changes { get; } = new();

    /// <summary>The event that the devbox waits for.</summary>
    public HookEvent WaitFor
    {
        get
        {
            lock (_gate) return _waitFor;
        }
    }

    /// <summary>Takes the hooks of a spec; those that are known by name keep their state. Nothing runs until <see cref="RunStart"/>.</summary>
    /// <param name="hooks">In the order of the spec.</param>
    /// <param name="broken">Hooks that the spec has errors in, with the reason.</param>
    /// <param name="waitFor">The event that sessions without needs wait for.</param>
    public void Load(IReadOnlyList<HookSpec> hooks, IReadOnlyDictionary<string, string> broken, HookEvent waitFor)
    {
        lock (_gate)
        {
            Dictionary<string, Hook> known = _hooks.ToDictionary(hook => hook.Name);
            var loaded = new List<Hook>();
            foreach (HookSpec spec in hooks)
            {
                if (known.Remove(spec.Name, out Hook? hook) && hook.Spec.Event == spec.Event) hook.Spec = spec;
                else hook = new Hook(spec, new HookStatus());
                loaded.Add(hook);
            }

            _broken = broken;
            _waitFor = waitFor;
            Volatile.Write(ref _hooks, loaded);
        }

        Changes.Pulse();
    }

    /// <summary>Begins, or goes on with, the hooks of the start: those that are not done. Returns at once.</summary>
    /// <param name="retryFailed">Those that failed are run again too.</param>
    public void RunStart(bool retryFailed = false)
    {
        lock (_gate)
        {
            foreach (Hook hook in _hooks)
            {
                if (hook.Spec.Event > HookEvent.PostStart || hook.Run is { IsCompleted: false } || hook.IsDone) continue;
                if (_stop.IsCancellationRequested || (hook.Status.State == HookState.Failed && !retryFailed)) continue;
                hook.Status = new HookStatus();
                hook.Run = Task.Run(() => GuardAsync(hook, () => RunInOrderAsync(hook)));
            }
        }

        Changes.Pulse();
    }

    /// <summary>Runs the hooks of an attach, after those that an earlier attach began. Returns at once.</summary>
    public void RunAttach()
    {
        lock (_gate)
        {
            if (_hooks.All(hook => hook.Spec.Event != HookEvent.PostAttach)) return;
            // Any number of attaches while one round runs are one more round.
            _attachAgain = true;
            if (_attachRun.IsCompleted) _attachRun = Task.Run(AttachRoundsAsync);
        }
    }

    /// <summary>Runs the hooks of a stop.</summary>
    /// <param name="deadline">Cancels what runs, and skips the rest.</param>
    public async Task RunStopAsync(CancellationToken deadline)
    {
        await _stop.CancelAsync();
        await RunEventAsync(HookEvent.PreStop, deadline);
    }

    /// <summary>Runs one hook again whatever its state, and then what its failure held up.</summary>
    /// <returns>False when it runs at the moment.</returns>
    /// <exception cref="KeyNotFoundException">There is no such hook.</exception>
    public bool TryRerun(string name)
    {
        lock (_gate)
        {
            Hook hook = _hooks.FirstOrDefault(hook => hook.Name == name) ?? throw new KeyNotFoundException($"there is no hook {name}");
            if (hook.Run is { IsCompleted: false } && hook.Status.State == HookState.Running) return false;
            Task before = hook.Run ?? Task.CompletedTask;
            hook.Status = new HookStatus { State = HookState.Running, Reason = "asked to run again" };
            hook.Run = Task.Run(async () =>
            {
                // What still waited for its turn sees that the turn was taken.
                await before;
                await GuardAsync(hook, () => RunAsync(hook, _stop.Token));
                RunStart();
            });
        }

        Changes.Pulse();
        return true;
    }

    /// <summary>Whether something that a hook or session needs is there; of a session, as the daemon says.</summary>
    public NeedState StateOf(Need need)
    {
        switch (need.Kind)
        {
            case NeedKind.Session:
                return _host.SessionState(need.Name);
            case NeedKind.Event:
                return StateUpTo(HookNames.EventOf(need.Name));
            case NeedKind.Hook when HookNames.IsEvent(need.Name):
                // A request's need, which no spec has resolved.
                return StateUpTo(HookNames.EventOf(need.Name));
            default:
                if (_broken.TryGetValue(need.Name, out string? error)) return NeedState.Broken($"hook {need.Name} has an error: {error}");
                return Hooks.FirstOrDefault(hook => hook.Name == need.Name) is { } found
                    ? StateOf(found)
                    : NeedState.Broken($"there is no hook {need.Name}");
        }
    }

    /// <summary>Whether all hooks up to an event are done.</summary>
    public NeedState StateUpTo(HookEvent last) =>
        NeedState.AllOf(Hooks.Where(hook => hook.Spec.Event <= last).Select(StateOf));

    /// <summary>Ends every hook that runs.</summary>
    public async Task EndAllAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_gate) running = [.. _hooks.Select(hook => hook.Run).OfType<Task>(), _attachRun];
        await Task.WhenAll(running);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private static NeedState StateOf(Hook hook)
    {
        if (hook.IsDone) return NeedState.Met;
        if (hook.Status.State == HookState.Skipped) return NeedState.Broken(hook.Status.Reason ?? $"hook {hook.Name} was skipped");
        if (hook.IsBroken) return NeedState.Broken($"hook {hook.Name} failed: {hook.Status.Reason}");
        return NeedState.Waiting($"waits for hook {hook.Name}");
    }

    private async Task RunInOrderAsync(Hook hook)
    {
        while (true)
        {
            Task changes = Task.WhenAny(Changes.Next, _host.SessionChanges.Next);
            if (hook.Status.State != HookState.Pending) return;
            NeedState state = NeedState.AllOf([.. Before(hook).Select(StateOf), .. hook.Spec.Needs.Select(StateOf)]);
            if (state.IsMet) break;
            if (state.IsBroken)
            {
                Set(hook, new HookStatus { State = HookState.Skipped, Reason = state.Reason });
                return;
            }

            if (hook.Status.Reason != state.Reason) Set(hook, new HookStatus { Reason = state.Reason });
            try
            {
                await changes.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        if (_stop.IsCancellationRequested || HasRun(hook)) return;
        await RunAsync(hook, _stop.Token);
    }

    /// <summary>All that must be over before a hook's turn: earlier events, and earlier stages of its own.</summary>
    private IEnumerable<Hook> Before(Hook hook) => Hooks.Where(other =>
        other.Spec.Event < hook.Spec.Event || (other.Spec.Event == hook.Spec.Event && other.Spec.Stage < hook.Spec.Stage));

    private bool HasRun(Hook hook)
    {
        HookSpec spec = hook.Spec;
        if (spec.Event > HookEvent.PostCreate || spec.Rerun == Rerun.Always) return false;
        if (_markers.Find(HookNames.MarkerOf(spec)) is not { } marker) return false;
        if (spec.Rerun == Rerun.OnChange && marker != _host.FingerprintOf(spec)) return false;
        Set(hook, new HookStatus { State = HookState.Succeeded, Reason = "ran before; it runs once per storage" });
        return true;
    }

    private async Task AttachRoundsAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_attachAgain || _stop.IsCancellationRequested) return;
                _attachAgain = false;
            }

            await RunEventAsync(HookEvent.PostAttach, _stop.Token);
        }
    }

    /// <summary>Runs the hooks of an event that is no part of the start, stage by stage.</summary>
    private async Task RunEventAsync(HookEvent value, CancellationToken cancellation)
    {
        bool isBroken = false;
        foreach (IGrouping<int, Hook> stage in Hooks.Where(hook => hook.Spec.Event == value).GroupBy(hook => hook.Spec.Stage))
        {
            if (isBroken || cancellation.IsCancellationRequested)
            {
                string reason = isBroken ? "one before it failed" : "there is no time left for it";
                foreach (Hook hook in stage) Set(hook, new HookStatus { State = HookState.Skipped, Reason = reason });
                continue;
            }

            await Task.WhenAll(stage.Select(hook => RunAloneAsync(hook, cancellation)));
            isBroken = stage.Any(hook => hook.IsBroken);
        }
    }

    private async Task RunAloneAsync(Hook hook, CancellationToken cancellation)
    {
        Task run;
        lock (_gate)
        {
            // A rerun by hand is under way: that is this run.
            run = hook.Run is { IsCompleted: false } present ? present : hook.Run = GuardAsync(hook, () => RunAsync(hook, cancellation));
        }

        await run;
    }

    /// <summary>A mistake of ours costs one hook, and is seen; without this the hook would be waited for for ever.</summary>
    private async Task GuardAsync(Hook hook, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Set(hook, hook.Status with { State = HookState.Failed, Reason = $"{exception.GetType().Name}: {exception.Message}", EndedAt = _time.GetUtcNow(), Process = null });
        }
    }

    private void Set(Hook hook, HookStatus status)
    {
        hook.Status = status;
        _host.OnChanged(hook);
        Changes.Pulse();
    }

    private void Say(Hook hook, string text) => _host.OnNote(hook, $"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {text}");
}
