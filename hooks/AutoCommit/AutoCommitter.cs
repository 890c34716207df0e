using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// Work that saves itself: watches a folder, commits an interval after the last edit, pushes. It keeps nothing of its own: what is uncommitted and unpushed is asked of git, so
/// that it may be killed at any moment.
/// </summary>
public sealed partial class AutoCommitter : IWorktreeObserver, IAsyncDisposable
{
    private readonly AutoCommitOptions _options;
    private readonly AutoCommitSpec _spec;
    private readonly TimeProvider _time;
    private readonly Saver _saver;
    private readonly Synchronizer _synchronizer;
    private readonly PushLoop _push;
    private readonly Wakeup _wakeup;
    private readonly SemaphoreSlim _local = new(1); // held while the repository is read or changed here
    private readonly CancellationTokenSource _stop = new();
    private readonly BackOff _saveBackOff = new(); // under _local
    private readonly Lock _gate = new(); // guards everything below but the tasks
    private readonly SaveClock _clock;
    private bool _enabled;
    private bool _isSaving;
    private bool _isPushing;
    private bool _isStale = true;
    private SaveResult _saved = new();
    private PushResult _pushed = new(PushOutcome.UpToDate);
    private AutoCommitStatus _status;
    private LastCommit? _lastCommit;
    private DateTimeOffset? _lastPushAt;
    private (int? Ahead, int? Behind) _counts;
    private int? _uncommitted;
    private Task _running = Task.CompletedTask;
    private Task _pushing = Task.CompletedTask;

    private AutoCommitter(AutoCommitOptions options)
    {
        _options = options;
        _spec = options.Spec;
        _time = options.Time;
        _enabled = _spec.Enabled;
        _clock = new SaveClock { Interval = _spec.Interval, MaxWait = _spec.MaxWait };
        _saver = new Saver(options.Git, options.Folder, _spec);
        _synchronizer = new Synchronizer(_saver, _spec, _local);
        _push = new PushLoop(SynchronizeAsync, OnPush, _spec.Pull, _time);
        _wakeup = new Wakeup(_time);
        _status = new AutoCommitStatus { Enabled = _enabled, Interval = _spec.Interval, State = _enabled ? AutoCommitState.Watching : AutoCommitState.Off };
    }

    /// <summary>Where it stands, as last looked. Any thread.</summary>
    public AutoCommitStatus Status
    {
        get
        {
            lock (_gate) return _status;
        }
    }

    /// <summary>Makes one and starts it.</summary>
    public static AutoCommitter Start(AutoCommitOptions options)
    {
        var committer = new AutoCommitter(options);
        committer._running = Task.Run(() => committer.RunAsync(committer._stop.Token));
        committer._pushing = Task.Run(() => committer.PushAsync(committer._stop.Token));
        return committer;
    }

    /// <summary>Where it stands, with counts of now where something has changed since the last look.</summary>
    public async Task<AutoCommitStatus> DescribeAsync(CancellationToken cancellation)
    {
        bool isStale;
        lock (_gate) isStale = _isStale || !IsWatching;
        // Whoever works on it now will have newer numbers in a moment.
        if (!isStale || !await _local.WaitAsync(0, cancellation)) return Status;
        try
        {
            await CountAsync(cancellation);
        }
        finally
        {
            _local.Release();
        }

        Publish();
        return Status;
    }

    /// <summary>Turns it on or off, or changes its interval. Any thread.</summary>
    public void Configure(bool? enabled, TimeSpan? interval)
    {
        lock (_gate)
        {
            if (enabled is { } on && on != _enabled)
            {
                _enabled = on;
                _watchDue = _time.GetUtcNow();
                _clock.Begin();
                if (on) _clock.Retry(_time.GetUtcNow());
            }

            if (interval is { } time) _clock.Interval = time;
        }

        _wakeup.Call();
        Publish();
    }

    /// <summary>Saves and pushes now, also when it is off.</summary>
    /// <param name="force">Also when most files are gone.</param>
    /// <param name="cancellation">Gives up, with everything as it was.</param>
    public async Task<AutoCommitStatus> FlushAsync(bool force, CancellationToken cancellation)
    {
        await SaveAsync(force, cancellation);
        if (_spec.Push) await _push.NowAsync(cancellation);
        return Status;
    }

    /// <summary>The last save and push of a daemon that stops, unless the spec or somebody has turned it off. May be called again after later edits.</summary>
    /// <param name="graceOver">Ends what has not ended: a push that hangs; a save, with everything as it was.</param>
    public async Task FinishAsync(CancellationToken graceOver)
    {
        lock (_gate)
        {
            if (!_enabled || !_spec.CommitOnStop) return;
        }

        try
        {
            await FlushAsync(force: false, graceOver);
        }
        catch (OperationCanceledException)
        {
            _options.Log("auto-commit: the grace is over before everything was pushed");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _pushing;
        if (_watch is { } watch) await watch.DisposeAsync();
        _push.Dispose();
        _wakeup.Dispose();
        _stop.Dispose();
        _local.Dispose();
    }

    private async Task PushAsync(CancellationToken stop)
    {
        try
        {
            await _push.RunAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task<PushResult> SynchronizeAsync(bool pulls, CancellationToken cancellation)
    {
        lock (_gate)
        {
            // Turned off while a push was waiting; a push that somebody asked for comes by Flush, which is not asked.
            if (!_enabled && pulls) return new PushResult(PushOutcome.UpToDate);
        }

        PushResult result = await _synchronizer.RunAsync(pulls, cancellation);
        await _local.WaitAsync(cancellation);
        try
        {
            await CountCommitsAsync(cancellation);
        }
        finally
        {
            _local.Release();
        }

        return result;
    }

    /// <summary>Told by the push loop: null when it begins, the result when it ended.</summary>
    private void OnPush(PushResult? result)
    {
        lock (_gate)
        {
            _isPushing = result is null;
            if (result is not null)
            {
                if (result != _pushed && result.Error is { } words) _options.Log($"auto-commit: {result.Reason}: {words.ReplaceLineEndings(" | ")}");
                _pushed = result;
                if (result.Outcome == PushOutcome.Pushed) _lastPushAt = _time.GetUtcNow();
                // The remote changed files that are being edited here: with them saved, the merge goes through.
                if (result.Outcome == PushOutcome.Behind) _clock.Retry(_time.GetUtcNow());
            }
        }

        if (result?.Outcome == PushOutcome.Behind) _wakeup.Call();
        Publish();
    }
}
