using System.Threading.Channels;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Wakes one loop: by a call from any thread, or when a time has come. Several calls before it looks are one.</summary>
internal sealed class Wakeup : IDisposable
{
    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _timer;

    internal Wakeup(TimeProvider time) => _timer = time.CreateTimer(_ => Call(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    internal void Call() => _calls.Writer.TryWrite(true);

    /// <summary>Waits for a call, or for a time.</summary>
    /// <param name="wait">From now; null: for ever.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task WaitAsync(TimeSpan? wait, CancellationToken cancellation)
    {
        // A timer that is a little early would find nothing due; the sum is rounded up to what timers can do.
        _timer.Change(wait is { } time ? TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, time.TotalMilliseconds))) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await _calls.Reader.ReadAsync(cancellation);
    }

    public void Dispose() => _timer.Dispose();
}
