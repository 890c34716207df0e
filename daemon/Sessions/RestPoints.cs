namespace Sessiond.Daemon.Sessions;

/// <summary>
/// Offsets of the journal at which the parser was at rest: where an output message may end, so that a client never gets half a sequence or character. One
/// a turn of the loop at most, and none that the ring has passed.
/// </summary>
internal sealed class RestPoints
{
    /// <summary>Bytes between two points: echoes of single keys would else make thousands.</summary>
    private const int Spacing = 8 * 1024;

    private readonly List<long> _points = [];

    /// <summary>All points, lowest first.</summary>
    internal ReadOnlySpan<long> All => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_points);

    /// <summary>A point that another daemon noted; they come lowest first.</summary>
    internal void Restore(long point) => _points.Add(point);

    internal void Clear() => _points.Clear();

    /// <summary>Notes the newest point and forgets those below the oldest offset.</summary>
    internal void Add(long offset, long oldest)
    {
        // The newest point moves on until it is far enough from the one before it.
        if (_points.Count > 1 && offset - _points[^2] < Spacing) _points[^1] = offset;
        else if (_points.Count == 0 || _points[^1] != offset) _points.Add(offset);
        int gone = 0;
        while (gone < _points.Count - 1 && _points[gone] < oldest) gone++;
        if (gone > 0) _points.RemoveRange(0, gone);
    }

    /// <summary>The last point at or before a position; null when there is none.</summary>
    internal long? Before(long position)
    {
        int index = _points.BinarySearch(position);
        if (index < 0) index = ~index - 1;
        return index < 0 ? null : _points[index];
    }

    /// <summary>The last point within a length after a position, else the first one after it; the position itself when there is none.</summary>
    internal long After(long position, int length)
    {
        int index = _points.BinarySearch(position + length);
        if (index < 0) index = ~index - 1;
        if (index >= 0 && _points[index] > position) return _points[index];
        return index + 1 < _points.Count ? Math.Max(position, _points[index + 1]) : position;
    }
}
