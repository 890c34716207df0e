using System.Buffers;
using Sessiond.Daemon.Attach;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>Where attachments begin and go on: snapshots, and positions that clients come back with (I2).</summary>
internal sealed partial class Session
{
    // Loop's thread: who waits for a snapshot that is being made, by what is to be in it. Two hundred observers that lag together share one.
    private readonly Dictionary<(int Scrollback, bool KeepsClientScrollback), List<Attachment>> _snapshotWaiters = [];

    /// <summary>Milliseconds for which one picture of the screen is good for all who lag and only watch: no more of them than one client would cause.</summary>
    private const int PictureAge = 33;

    private Snapshot? _picture; // loop's thread
    private long _pictureAt; // loop's thread
    private long _snapshotsMade;

    /// <summary>Snapshots that were made, for attaching and for lagging clients. Any thread.</summary>
    internal long SnapshotsMade => Interlocked.Read(ref _snapshotsMade);

    /// <summary>Makes a snapshot off the loop and hands it to an attachment that needs one. Loop's thread.</summary>
    /// <param name="attachment">Whose turn it is to be brought abreast.</param>
    /// <param name="isWhole">With the scrollback that the client asked for; else the screen alone, which is quickly made and sent.</param>
    internal void AskSnapshot(Attachment attachment, bool isWhole)
    {
        AttachRequest request = attachment.Request;
        // Whoever types gets a fresh one: the echo of a key is in it.
        if (!isWhole && !attachment.IsController && _picture is { } picture && picture.Offset > attachment.Position && Environment.TickCount64 - _pictureAt < PictureAge)
        {
            Post(() => attachment.Resynchronise(picture, isWhole: false));
            return;
        }

        (int, bool) key = isWhole ? (request.Scrollback, request.KeepClientScrollback) : (0, true);
        if (_snapshotWaiters.TryGetValue(key, out List<Attachment>? waiters))
        {
            waiters.Add(attachment);
            return;
        }

        _snapshotWaiters.Add(key, [attachment]);
        _ = Task.Run(() =>
        {
            Snapshot? snapshot = null;
            WithTerminal(_ => snapshot = SnapshotUnderGate(key.Item1, key.Item2));
            Post(() =>
            {
                _snapshotWaiters.Remove(key, out List<Attachment>? waiting);
                if (!isWhole) KeepPicture(snapshot!);
                foreach (Attachment one in waiting!) one.Resynchronise(snapshot!, isWhole);
            });
        });
    }

    private void KeepPicture(Snapshot snapshot)
    {
        (_picture, _pictureAt) = (snapshot, Environment.TickCount64);
        Schedule(PictureAge, () =>
        {
            if (_picture == snapshot) _picture = null;
        });
    }

    private AttachPoint PointUnderGate(AttachRequest request)
    {
        (int columns, int rows) = (_terminal.Columns, _terminal.Rows);
        if (request.Since is { } since && CanResumeAt(since)) return new AttachPoint(null, since.Offset, columns, rows, _sizeSequence, _state);
        Snapshot snapshot = SnapshotUnderGate(request.Scrollback, request.KeepClientScrollback);
        return new AttachPoint(snapshot, snapshot.Offset, columns, rows, _sizeSequence, _state);
    }

    private Snapshot SnapshotUnderGate(int scrollback, bool keepsClientScrollback)
    {
        Interlocked.Increment(ref _snapshotsMade);
        var bytes = new ArrayBufferWriter<byte>(16 * 1024);
        _terminal.WriteSnapshot(bytes, new SnapshotOptions { ScrollbackLines = scrollback, KeepClientScrollback = keepsClientScrollback });
        return new Snapshot(bytes.WrittenMemory, _terminal.PublishOffset, _terminal.Columns, _terminal.Rows, _sizeSequence);
    }

    /// <summary>True when the bytes from a position on are there, and a terminal that has got that far is right after them.</summary>
    private bool CanResumeAt(JournalPosition since)
    {
        if (since.Epoch != _journal.Epoch || since.Offset < OldestOffset || since.Offset > _terminal.PublishOffset) return false;
        return !IsSizeUncertainSince(since.Offset) && IsAtRestAt(since.Offset);
    }

    /// <summary>A client may claim any offset; one inside a sequence would tear it.</summary>
    private bool IsAtRestAt(long offset)
    {
        if (_restPoints.Before(offset) is not { } start)
        {
            if (OldestOffset > 0) return false;
            start = 0;
        }

        return start == offset || RestScan.EndsAtRest(_journal.Read(start, (int)(offset - start)));
    }
}
