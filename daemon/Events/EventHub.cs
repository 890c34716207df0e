using System.Text.Json;
using Sessiond.Daemon.AutoCommit;
using Sessiond.Daemon.Hooks;
using Sessiond.Daemon.Sessions;
using Sessiond.Hooks;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Events;

/// <summary>
/// What happened lately, for GET /v1/events. Publishing costs a flag; one task describes the sessions and serialises, and the same change waiting twice is one.
/// </summary>
internal sealed class EventHub : IAsyncDisposable
{
    /// <summary>Events that a client which comes back can be given; a longer absence gets <c>reset</c> and lists again.</summary>
    private const int Kept = 1024;

    /// <summary>Milliseconds that an event of output waits for those of other sessions: nobody acts on one, and hundreds a second would wake a thread each.</summary>
    private const int OutputDelay = 50;

    /// <summary>
    /// Ids that are kept as given away at once, and half of them always in advance: the daemon after this one begins above all that a client may have, and nothing is kept for each event.
    /// </summary>
    internal const int Reserved = 4096;

    private readonly Lock _gate = new(); // guards everything below
    private readonly List<(string Name, object? Subject)> _waiting = [];
    private readonly HashSet<(string Name, object? Subject)> _waitingSet = [];
    private readonly Queue<DaemonEvent> _recent = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly Func<StatusObject> _status;
    private readonly Func<bool> _devboxChanged;
    private readonly Timer _outputTimer;
    private readonly Task _running;
    private bool _isReleased;
    private bool _isDelayed;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<long> _reserve;
    private long _lastId;
    private long _reservedId; // the hub's task

    /// <summary>Makes the hub and starts its task.</summary>
    /// <param name="status">The devbox as it is now.</param>
    /// <param name="devboxChanged">Whether the devbox as a whole is in another state than when it was asked last.</param>
    /// <param name="lastId">An id that no earlier event is above.</param>
    /// <param name="reserve">Keeps, for the daemon after this one, an id that no event of this one is above. On the hub's task.</param>
    internal EventHub(Func<StatusObject> status, Func<bool> devboxChanged, long lastId, Action<long> reserve)
    {
        _lastId = lastId;
        _reservedId = lastId;
        _reserve = reserve;
        _status = status;
        _devboxChanged = devboxChanged;
        _outputTimer = new Timer(_ => OnOutputDelay());
        _running = Task.Run(RunAsync);
    }

    /// <summary>Tells of a session. Any thread; does not block.</summary>
    internal void Publish(string name, Session session) => Enqueue(name, session);

    /// <summary>Tells of a hook. Any thread; does not block.</summary>
    internal void Publish(Hook hook) => Enqueue(EventNames.HookChanged, hook);

    /// <summary>Tells of lines of a hook. Any thread; does not block.</summary>
    internal void Publish(HookLogObject lines) => Enqueue(EventNames.HookLog, lines);

    /// <summary>Tells of an auto-commit. Any thread; does not block.</summary>
    internal void Publish(AutoCommitUnit unit) => Enqueue(EventNames.AutoCommitChanged, unit);

    /// <summary>Tells of the devbox. Any thread; does not block.</summary>
    internal void PublishDevbox() => Enqueue(EventNames.DevboxChanged, null);

    /// <summary>The id of the newest event.</summary>
    internal long LastId
    {
        get
        {
            lock (_gate) return _lastId;
        }
    }

    /// <summary>Events after an id, and what to wait for when there are none.</summary>
    /// <param name="id">The last id that the client has.</param>
    /// <param name="isTooOld">True when events in between are gone.</param>
    internal (IReadOnlyList<DaemonEvent> Events, Task News) After(long id, out bool isTooOld)
    {
        lock (_gate)
        {
            long oldest = _recent.TryPeek(out DaemonEvent? first) ? first.Id : _lastId + 1;
            isTooOld = id > _lastId || id + 1 < oldest;
            return (isTooOld ? [] : [.. _recent.Where(item => item.Id > id)], _news.Task);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _outputTimer.DisposeAsync();
        _stop.Dispose();
        _work.Dispose();
    }

    private void Enqueue(string name, object? subject)
    {
        lock (_gate)
        {
            if (!_waitingSet.Add((name, subject))) return;
            _waiting.Add((name, subject));
            if (name != EventNames.SessionOutput)
            {
                Release();
            }
            else if (!_isReleased && !_isDelayed)
            {
                _isDelayed = true;
                _outputTimer.Change(OutputDelay, Timeout.Infinite);
            }
        }
    }

    private void OnOutputDelay()
    {
        lock (_gate)
        {
            _isDelayed = false;
            if (_waiting.Count > 0) Release();
        }
    }

    private void Release()
    {
        if (_isReleased || _stop.IsCancellationRequested) return;
        _isReleased = true;
        _work.Release();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(_stop.Token);
                PublishWaiting();
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    private void PublishWaiting()
    {
        (string Name, object? Subject)[] batch;
        lock (_gate)
        {
            batch = [.. _waiting];
            _waiting.Clear();
            _waitingSet.Clear();
            _isReleased = false;
        }

        bool mayChangeDevbox = false;
        foreach ((string name, object? subject) in batch)
        {
            mayChangeDevbox |= subject is Hook || (subject is Session && name != EventNames.SessionOutput);
            Append(name, (subject as Session)?.Owner ?? (subject as AutoCommitUnit)?.Owner, Describe(subject));
        }

        // Once for a batch: looking at every session for every session's change would be the square of them.
        if (mayChangeDevbox && _devboxChanged()) Append(EventNames.DevboxChanged, null, Describe(null));
    }

    private byte[] Describe(object? subject) => subject switch
    {
        Session session => JsonSerializer.SerializeToUtf8Bytes(session.Describe(), ApiJsonContext.Default.SessionObject),
        Hook hook => JsonSerializer.SerializeToUtf8Bytes(HookObjects.Of(hook), ApiJsonContext.Default.HookObject),
        HookLogObject lines => JsonSerializer.SerializeToUtf8Bytes(lines, ApiJsonContext.Default.HookLogObject),
        AutoCommitUnit unit => JsonSerializer.SerializeToUtf8Bytes(unit.Describe(), ApiJsonContext.Default.AutoCommitObject),
        _ => JsonSerializer.SerializeToUtf8Bytes(_status(), ApiJsonContext.Default.StatusObject),
    };

    private void Append(string name, string? owner, byte[] data)
    {
        // Only here an id is given away: what is kept comes first.
        if (_reservedId - LastId < Reserved / 2)
        {
            _reservedId = LastId + Reserved;
            _reserve(_reservedId);
        }

        TaskCompletionSource news;
        lock (_gate)
        {
            _recent.Enqueue(new DaemonEvent(++_lastId, name, owner, data));
            if (_recent.Count > Kept) _recent.Dequeue();
            news = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        news.SetResult();
    }
}
