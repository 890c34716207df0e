namespace Sessiond.Pty;

/// <summary>The timers of one loop, in milliseconds of the monotonic clock. Loop's thread only.</summary>
internal sealed class TimerQueue
{
    private readonly PriorityQueue<Action, long> _queue = new();

    internal void Add(long delayMilliseconds, Action action) =>
        _queue.Enqueue(action, Environment.TickCount64 + Math.Max(0, delayMilliseconds));

    /// <summary>Timeout for epoll_wait(2): -1 waits for ever.</summary>
    internal int MillisecondsToNext() =>
        _queue.TryPeek(out _, out long due) ? (int)Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue) : -1;

    internal void RunDue(Action<Exception> onFault)
    {
        while (_queue.TryPeek(out Action? action, out long due) && due <= Environment.TickCount64)
        {
            _queue.Dequeue();
            try
            {
                action();
            }
            catch (Exception exception)
            {
                onFault(exception);
            }
        }
    }
}
