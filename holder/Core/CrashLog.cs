namespace Sessiond.Holder;

/// <summary>When daemons crashed lately, and how long to wait before the next one: a daemon that cannot live must not keep the machine busy.</summary>
/// <param name="firstPause">Milliseconds of the first pause after a daemon that never served; each further one doubles it.</param>
/// <param name="pauseAfterService">Milliseconds of the pause after one that had served.</param>
internal sealed class CrashLog(long firstPause, long pauseAfterService)
{
    /// <summary>Crashes within <see cref="Window"/> from which on there is a pause.</summary>
    internal const int Many = 3;

    /// <summary>Milliseconds.</summary>
    internal const long Window = 10_000;

    /// <summary>Milliseconds of the longest pause.</summary>
    private const long MaxPause = 30_000;

    private readonly Queue<long> _times = new();
    private int _row;
    private long _pause;

    /// <summary>Notes a crash.</summary>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    /// <param name="served">The daemon had come so far that it served.</param>
    /// <returns>Milliseconds to wait; 0: start the next one at once.</returns>
    internal long Note(long now, bool served)
    {
        // A pause is no sign of health: it does not count as time in which nothing crashed.
        long window = Window + _pause;
        _times.Enqueue(now);
        while (now - _times.Peek() > window) _times.Dequeue();
        bool isOften = _times.Count >= Many;
        _row = !isOften || served ? 0 : _row + 1;
        _pause = !isOften ? 0 : served ? pauseAfterService : Math.Min(MaxPause, firstPause << Math.Min(_row - 1, 16));
        return _pause;
    }
}
