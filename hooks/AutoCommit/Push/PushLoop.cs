namespace Sessiond.Hooks.AutoCommit;

/// <summary>Pushes and pulls, one at a time, beside the saves: a remote that hangs holds up no save.</summary>
internal sealed class PushLoop : IDisposable
{
    private readonly Func<bool, CancellationToken, Task<PushResult>> _synchronize;
    private readonly Action<PushResult?> _onState;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _pull;
    private readonly Wakeup _wakeup;
    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _gate = new(); // guards everything below
    private readonly BackOff _backOff = new();
    private DateTimeOffset? _due;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private DateTimeOffset? _pullDue;

    /// <summary>Makes the loop.</summary>
    /// <param name="synchronize">Pushes; with true also fetches and merges.</param>
    /// <param name="onState">Told null when a push begins, and its result when it ended.</param>
    /// <param name="pull">How often to pull; null: never.</param>
    /// <param name="time">The clock.</param>
    internal PushLoop(Func<bool, CancellationToken, Task<PushResult>> synchronize, Action<PushResult?> onState, TimeSpan? pull, TimeProvider time)
    {
        _synchronize = synchronize;
        _onState = onState;
        _pull = pull;
        _time = time;
        _wakeup = new Wakeup(time);
    }

    /// <summary>There may be something to push: soon, or when the wait after a failure is over. Any thread.</summary>
    internal void Ask()
    {
        lock (_gate) _due = Later(_time.GetUtcNow(), _notBefore);
        _wakeup.Call();
    }

    /// <summary>Pushes now, whatever the wait. Any thread.</summary>
    internal async Task NowAsync(CancellationToken cancellation)
    {
        lock (_gate) _backOff.Reset();
        await OnceAsync(pulls: false, cancellation);
    }

    /// <summary>Runs until it is cancelled.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        lock (_gate) _pullDue = _time.GetUtcNow() + _pull;
        while (true)
        {
            await _wakeup.WaitAsync(UntilDue(), stop);
            if (TakeDue() is { } pulls) await OnceAsync(pulls, stop);
        }
    }

    public void Dispose()
    {
        _wakeup.Dispose();
        _one.Dispose();
    }

    private async Task OnceAsync(bool pulls, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            _onState(null);
            PushResult result = new(PushOutcome.Offline, "given up");
            try
            {
                result = await _synchronize(pulls, cancellation);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                result = new PushResult(PushOutcome.Refused, "git failed", failure.Message);
            }
            finally
            {
                Finish(result);
                _onState(result);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private void Finish(PushResult result)
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            _pullDue = now + _pull;
            if (result.Outcome is PushOutcome.Pushed or PushOutcome.UpToDate)
            {
                _backOff.Reset();
                _notBefore = now;
            }
            else
            {
                // A refusal is tried again as well: tokens are renewed and protections lifted without anybody telling us.
                _notBefore = now + _backOff.Next();
                _due = _notBefore;
            }
        }

        _wakeup.Call();
    }

    private TimeSpan? UntilDue()
    {
        lock (_gate)
        {
            DateTimeOffset? pullDue = _pullDue is { } planned ? Later(planned, _notBefore) : null;
            DateTimeOffset? due = _due is { } push && pullDue is { } pull ? (push < pull ? push : pull) : _due ?? pullDue;
            return due - _time.GetUtcNow();
        }
    }

    /// <summary>Whether to pull, when something is due; null: nothing is.</summary>
    private bool? TakeDue()
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            bool pulls = _pullDue <= now && _notBefore <= now;
            if (!pulls && !(_due <= now)) return null;
            _due = null;
            return pulls;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
