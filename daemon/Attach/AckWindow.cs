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

    /// <summary>Bytes between two sent positions that are remembered: finer than any message of a flood, coarser than the echoes of keys, which would be thousands.</summary>
    private const int Spacing = 2 * 1024;

    /// <summary>Sent positions that are remembered: all of a full window.</summary>
    private const int MaxMarks = Most / Spacing;

    /// <summary>Acknowledgements whose steps are remembered.</summary>
    private const int MaxSteps = 8;

    /// <summary>Seconds in which everything that waits should be applied: a fifth of what may pass between ^C and a prompt that comes at once (100 ms).</summary>
    private const double Moment = 0.020;

    private readonly Queue<(long Position, long At)> _marks = new();
    private readonly Queue<long> _steps = new();
    private long _lastMark;
    private (long Position, long At) _newest; // behind all of _marks; At is 0 once it is acknowledged
    private long _changedAt;
    private double _way = double.MaxValue;

    /// <summary>Bytes that may be unacknowledged.</summary>
    internal int Size { get; private set; } = Most;

    /// <summary>Everything below a position is sent.</summary>
    internal void OnSent(long position)
    {
        // A snapshot may end where the output before it did.
        if (position <= _newest.Position) return;
        if (_newest.At != 0 && _newest.Position - _lastMark >= Spacing)
        {
            if (_marks.Count == MaxMarks) _marks.Dequeue();
            _marks.Enqueue(_newest);
            _lastMark = _newest.Position;
        }

        _newest = (position, time.GetTimestamp());
    }

    /// <summary>The client has applied everything below a position.</summary>
    /// <param name="offset">The position.</param>
    /// <param name="step">Bytes since the acknowledgement before it.</param>
    /// <param name="sent">Everything below this is sent.</param>
    internal void OnAck(long offset, long step, long sent)
    {
        long at = TakeMark(offset);
        _steps.Enqueue(step);
        if (_steps.Count > MaxSteps) _steps.Dequeue();
        if (at == 0) return;
        double delay = time.GetElapsedTime(at).TotalSeconds;
        // One judgement for what was sent since the last one took effect.
        if (offset <= _changedAt) return;
        // Little may be acknowledged late for no reason but the client's thrift: only what filled the window tells of its pace.
        if (sent - offset + step <= Size / 2) return;
        double wanted = delay > _way + Moment ? Size * (_way + Moment) / delay : Size * 2.0;
        // Who acknowledges in large steps must be given the bytes for the next one.
        int size = (int)Math.Clamp(wanted, Math.Min(Most, Math.Max(Least, 2 * _steps.Max())), Most);
        if (size == Size) return;
        Size = size;
        _changedAt = sent;
    }

    /// <summary>When the byte before a position was sent, rather too late than too early: a pause in the sending is not the client's. 0 when that is not known.</summary>
    private long TakeMark(long offset)
    {
        (long Position, long At) reached = default;
        while (_marks.TryPeek(out (long Position, long At) mark) && mark.Position <= offset) reached = _marks.Dequeue();
        if (_newest.At != 0 && _newest.Position <= offset)
        {
            reached = _newest;
            _newest.At = 0;
        }

        if (reached.At != 0) _way = Math.Min(_way, time.GetElapsedTime(reached.At).TotalSeconds);
        if (reached.Position == offset) return reached.At;
        return _marks.TryPeek(out (long Position, long At) next) ? next.At : _newest.At;
    }
}
