namespace Sessiond.Daemon.Sessions;

/// <summary>
/// Offsets between two <see cref="RestPoints"/> at which a scan found the parser at rest. A scan takes place only where none of them is in reach and adds one at its end, so each byte
/// is scanned about once, and there are no more of them than stretches of the shortest message in the ring.
/// </summary>
/// <remarks>Loop's thread: unlike the points of rest they are found while the engine is in use elsewhere, and are no part of a checkpoint.</remarks>
internal sealed class FoundRests
{
    private readonly List<long> _offsets = []; // lowest first

    /// <summary>Places that are kept.</summary>
    internal int Count => _offsets.Count;

    /// <summary>The last place after a position and within a length of it; null when there is none.</summary>
    internal long? LastWithin(long position, int length)
    {
        int index = _offsets.BinarySearch(position + length);
        if (index < 0) index = ~index - 1;
        return index >= 0 && _offsets[index] > position ? _offsets[index] : null;
    }

    /// <summary>Keeps a place and forgets those below the oldest offset.</summary>
    internal void Add(long offset, long oldest)
    {
        int index = _offsets.BinarySearch(offset);
        if (index < 0) _offsets.Insert(~index, offset);
        int gone = 0;
        while (gone < _offsets.Count && _offsets[gone] < oldest) gone++;
        if (gone > 0) _offsets.RemoveRange(0, gone);
    }
}
