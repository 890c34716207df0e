namespace Sessiond.Pty;

/// <summary>The timers of one loop, in milliseconds of the monotonic clock. Loop's thread only.</summary>
internal sealed class TimerQueue
{
    private readonly PriorityQueue<Action, long> _queue = new();
    private readonly List<Action> _due = [];

    internal void Add(long delayMilliseconds, Action action) =>
        _queue.Enqueue(action, Environment.TickCount64 + Math.Max(0, delayMilliseconds));

    /// <summary>Timeout for epoll_wait(2): -1 waits for ever.</summary>
    internal int MillisecondsToNext() =>
        _queue.TryPeek(out _, out long due) ? (int)Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue) : -1;

    /// <summary>Runs what is due now. What these actions add has its turn after the next wait, so that no timer can keep the loop from its descriptors.</summary>
    internal void RunDue(Action<Exception> onFault)
    {
        long now = Environment.TickCount64;
        while (_queue.TryPeek(out _, out long due) && due <= now) _due.Add(_queue.Dequeue());
        foreach (Action action in _due)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                onFault(exception);
            }
        }

        _due.Clear();
    }
}
