using Sessiond.Daemon.Attach;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>The parts of the journal that not every client may see: answered queries (nobody), clipboard writes (the controller).</summary>
internal sealed partial class Session
{
    /// <summary>Ranges that are kept: a program that asks without end costs an attachment that is behind a snapshot, not memory.</summary>
    private const int MaxRanges = 4096;

    private long _rangesFrom; // loop's thread

    /// <summary>The next piece from a position that this client may see, up to a limit. Loop's thread.</summary>
    internal StreamPiece NextPiece(long position, long limit, bool isController)
    {
        foreach (StreamRange range in RangesFrom(position))
        {
            if (range.Start >= limit) break;
            bool isForNobody = range.Kind == StreamRangeKind.Query;
            // What only the controller may see is a message of its own.
            if (position < range.Start) return new StreamPiece(position, (int)(range.Start - position), range.Start);
            long end = Math.Min(range.End, limit);
            if (isForNobody || !isController) return new StreamPiece(position, 0, end);
            return new StreamPiece(position, (int)(end - position), end);
        }

        return new StreamPiece(position, (int)(limit - position), limit);
    }

    private ReadOnlySpan<StreamRange> RangesFrom(long position)
    {
        ReadOnlySpan<StreamRange> ranges = _terminal.Ranges;
        int low = 0;
        int high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].End <= position) low = middle + 1;
            else high = middle;
        }

        return ranges[low..];
    }

    private void TrimRanges()
    {
        ReadOnlySpan<StreamRange> ranges = _terminal.Ranges;
        if (ranges.IsEmpty) return;
        if (ranges.Length > MaxRanges) _rangesFrom = ranges[ranges.Length - MaxRanges / 2].Start;
        long keepFrom = OldestOffset;
        if (ranges[0].End <= keepFrom) _terminal.DropRangesBefore(keepFrom);
    }
}
