namespace Sessiond.Daemon.Attach;

/// <summary>
/// How much of what was sent may be unacknowledged: what the client applies in a moment, however many buffers lie on the way to its person's eye. It is told by the time from
/// sending to acknowledgement, beyond the least one that was seen: that is the way itself.
/// </summary>
/// <remarks>Loop's thread.</remarks>
internal sealed class AckWindow(TimeProvider time)
{
    /// <summary>Bytes that a client is promised at most (<c>hello.window</c>): what fills 20 ms of a fast network, and little to draw for a terminal.</summary>
    internal const int Most = 256 * 1024;

    /// <summary>For the slowest; a screen of text in colours is as large.</summary>
    private const int Least = 16 * 1024;

    /// <summary>Sent positions that are remembered; of more, some are left out.</summary>
    private const int MaxMarks = 32;

    /// <summary>Acknowledgements whose steps are remembered.</summary>
    private const int MaxSteps = 8;

    /// <summary>Seconds in which everything that waits should be applied: a fifth of what may pass between ^C and a prompt that comes at once (100 ms).</summary>
    private const double Moment = 0.020;

    private readonly Queue<(long Position, long At)> _marks = new();
    private readonly Queue<long> _steps = new();
    private long _lastMark;
    private long _changedAt;
    private double _way = double.MaxValue;

    /// <summary>Bytes that may be unacknowledged.</summary>
    internal int Size { get; private set; } = Most;

    /// <summary>Everything below a position is sent.</summary>
    internal void OnSent(long position)
    {
        if (_marks.Count == MaxMarks && position - _lastMark < Least) return;
        if (_marks.Count == MaxMarks) _marks.Dequeue();
        _marks.Enqueue((position, time.GetTimestamp()));
        _lastMark = position;
    }

    /// <summary>The client has applied everything below a position.</summary>
    /// <param name="offset">The position.</param>
    /// <param name="step">Bytes since the acknowledgement before it.</param>
    /// <param name="sent">Everything below this is sent.</param>
    internal void OnAck(long offset, long step, long sent)
    {
        long at = 0;
        while (_marks.TryPeek(out (long Position, long At) mark) && mark.Position <= offset) at = _marks.Dequeue().At;
        _steps.Enqueue(step);
        if (_steps.Count > MaxSteps) _steps.Dequeue();
        if (at == 0) return;
        double delay = time.GetElapsedTime(at).TotalSeconds;
        _way = Math.Min(_way, delay);
        // One judgement for what was sent since the last one took effect.
        if (offset < _changedAt) return;
        bool wasFull = sent - offset + step > Size / 2;
        double wanted = delay > _way + Moment ? Size * (_way + Moment) / delay : wasFull ? Size * 2.0 : Size;
        // Who acknowledges in large steps must be given the bytes for the next one.
        int size = (int)Math.Clamp(wanted, Math.Min(Most, Math.Max(Least, 2 * _steps.Max())), Most);
        if (size == Size) return;
        Size = size;
        _changedAt = sent;
    }
}
