namespace Sessiond.Holder;

/// <summary>When daemons crashed lately, and how long to wait before the next one: a daemon that cannot live must not keep the machine busy.</summary>
internal sealed class CrashLog
{
    /// <summary>Crashes within <see cref="Window"/> from which on there is a pause.</summary>
    internal const int Many = 3;

    /// <summary>Milliseconds.</summary>
    internal const long Window = 10_000;

    /// <summary>Milliseconds of the longest pause.</summary>
    private const long MaxPause = 30_000;

    private readonly Queue<long> _times = new();
    private readonly long _firstPause;
    private int _row;

    /// <summary>Makes an empty log.</summary>
    /// <param name="firstPause">Milliseconds of the first pause; each further crash doubles it.</param>
    internal CrashLog(long firstPause) => _firstPause = firstPause;

    /// <summary>Notes a crash.</summary>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    /// <returns>Milliseconds to wait; 0: start the next one at once.</returns>
    internal long Note(long now)
    {
        // A pause is no sign of health: it does not count as time in which nothing crashed.
        long window = Window + Pause;
        _times.Enqueue(now);
        while (now - _times.Peek() > window) _times.Dequeue();
        _row = _times.Count < Many ? 0 : _row + 1;
        return Pause;
    }

    private long Pause => _row == 0 ? 0 : Math.Min(MaxPause, _firstPause << Math.Min(_row - 1, 16));
}
