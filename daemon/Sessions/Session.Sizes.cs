using Sessiond.Daemon.Attach;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>Changes of size, at their places in the stream.</summary>
internal sealed partial class Session
{
    /// <summary>Changes of size that are kept for attachments on their way to them; whoever is further behind gets a snapshot.</summary>
    private const int MaxSizeChanges = 64;

    private SizeChange[] _sizeChanges = []; // replaced as a whole under the gate
    private long _sizeSequence; // under the gate
    private long _sizesKnownFrom; // under the gate: which changes there were before this offset is not known any more

    /// <summary>Where the size changed last; who stands there or behind it has missed no change.</summary>
    private long LastSizeOffset => _sizeChanges is [.., var last] ? last.Offset : _sizesKnownFrom;

    /// <summary>The next change of size after one that an attachment knows; null when there is none. Any thread.</summary>
    internal SizeChange? SizeChangeAfter(long sequence)
    {
        foreach (SizeChange change in Volatile.Read(ref _sizeChanges))
        {
            if (change.Sequence > sequence) return change;
        }

        return null;
    }

    private void ResizeUnderGate(int columns, int rows, int xpixel, int ypixel, Attachment? by)
    {
        bool hasOtherCells = columns != _terminal.Columns || rows != _terminal.Rows;
        TerminalProfile before = _terminal.Profile;
        _terminal.Resize(columns, rows, xpixel, ypixel);
        TerminalProfile now = _terminal.Profile;
        if (!hasOtherCells && now == before) return;
        if (hasOtherCells) NoteChange(columns, rows, by);
        // Before the program can know: what it prints for the new size is fed to an engine of that size, whoever feeds it.
        CheckpointUnderGate();
        _program?.Resize(columns, rows, now.PixelWidth, now.PixelHeight);
    }

    private void NoteChange(int columns, int rows, Attachment? by)
    {
        var change = new SizeChange(++_sizeSequence, _terminal.PublishOffset, columns, rows, by);
        SizeChange[] kept = _sizeChanges;
        if (kept.Length == MaxSizeChanges)
        {
            _sizesKnownFrom = kept[0].Offset;
            kept = kept[1..];
        }

        Volatile.Write(ref _sizeChanges, [.. kept, change]);
    }

    /// <summary>
    /// True when a client at an offset may have missed a change of size. One that stands at the very offset it need not have missed: the size that
    /// <c>hello</c> tells makes the same of its screen. Of two or more there the order would count.
    /// </summary>
    private bool IsSizeUncertainSince(long offset)
    {
        if (offset < _sizesKnownFrom) return true;
        int here = 0;
        foreach (SizeChange change in _sizeChanges)
        {
            if (change.Offset > offset) return true;
            if (change.Offset == offset) here++;
        }

        return here > 1;
    }
}
