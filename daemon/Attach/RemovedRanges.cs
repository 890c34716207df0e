namespace Sessiond.Daemon.Attach;

/// <summary>
/// What was left out of a client's stream beyond its last acknowledgement (answered queries, clipboard writes that are not for it): the client cannot acknowledge it, so it
/// must not count as under way.
/// </summary>
/// <remarks>Loop's thread.</remarks>
internal sealed class RemovedRanges
{
    /// <summary>Ranges that are remembered; beyond that the oldest count as under way again. A client that acknowledges each KiB never has more of them.</summary>
    private const int MaxRanges = 1024;

    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>Bytes of all of them.</summary>
    internal long Bytes { get; private set; }

    /// <summary>A range was left out; they come in order.</summary>
    internal void Add(long start, long end)
    {
        Bytes += end - start;
        if (_ranges is [.., var last] && last.End == start)
        {
            _ranges[^1] = (last.Start, end);
            return;
        }

        // Half of them at once: the others are moved.
        if (_ranges.Count == MaxRanges) Forget(MaxRanges / 2);
        _ranges.Add((start, end));
    }

    /// <summary>The client has applied everything below an offset.</summary>
    internal void Acknowledge(long offset)
    {
        int count = 0;
        while (count < _ranges.Count && _ranges[count].End <= offset) count++;
        Forget(count);
    }

    internal void Clear() => Forget(_ranges.Count);

    private void Forget(int count)
    {
        for (int i = 0; i < count; i++) Bytes -= _ranges[i].End - _ranges[i].Start;
        _ranges.RemoveRange(0, count);
    }
}
