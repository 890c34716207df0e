namespace Sessiond.Daemon.Sessions;

/// <summary>
/// Tells whether a session prints more than a person reads: a bucket that leaks. By the amount in a time and not by reads without a pause: where many flood, none of them fills a read,
/// and whoever stayed on the loop of those who type would have more of the processor than the others. Not thread-safe.
/// </summary>
internal sealed class FloodGauge
{
    /// <summary>Bytes a millisecond that are no flood, however long: an editor that draws its screen anew sixty times a second prints less.</summary>
    internal const int Leak = 512;

    /// <summary>Bytes at once that are no flood: a listing of thirty screens.</summary>
    internal const int Burst = 128 * 1024;

    /// <summary>Milliseconds after the bucket was full last until the flood is over.</summary>
    internal const int Calm = 500;

    private long _level;
    private long _notedAt;
    private long? _fullAt;

    /// <summary>Takes note of output. Returns whether the session floods.</summary>
    /// <param name="count">Bytes.</param>
    /// <param name="now">Milliseconds of any clock that goes on.</param>
    internal bool Note(int count, long now)
    {
        _level = Math.Min(Burst, Math.Max(0, _level - ((now - _notedAt) * Leak)) + count);
        _notedAt = now;
        if (_level == Burst) _fullAt = now;
        return now - _fullAt < Calm;
    }
}
