using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>
/// The pace of a client that reads slowly (I6): the window of what it has not acknowledged, and lagging. A lagging client is shown pictures instead of the film:
/// what came meanwhile is skipped, and a snapshot follows when it has drained, until it is abreast again.
/// </summary>
internal sealed partial class Attachment
{
    /// <summary>Bytes that may be unacknowledged of a client that has nothing more to do: a page of text need not be told.</summary>
    private const int DrainedRest = 4 * 1024;

    /// <summary>Bytes that a lagging client may be behind and still get them: at 1 MB/s they are there within a person's patience for a key.</summary>
    private const int LagAllowance = 32 * 1024;

    /// <summary>Milliseconds between two snapshots of a lagging client: more pictures a second help nobody.</summary>
    private const int SnapshotInterval = 33;

    /// <summary>Milliseconds without output after which a session is quiet, and a client that was lagging gets the scrollback that it missed.</summary>
    private const int QuietTime = 300;

    /// <summary>ETX: what people press when they have seen enough of a flood.</summary>
    private const byte InterruptKey = 0x03;

    private readonly AckWindow _window = new(TimeProvider.System);
    private readonly RemovedRanges _removed = new();
    private long _acked;
    private bool _acks;
    private bool _isLagging;
    private bool _snapshotAsked;
    private bool _pumpScheduled;
    private bool _owesScrollback;
    private bool _repayScheduled;
    private long _nextSnapshotAt;

    /// <summary>Bytes that were sent and not acknowledged.</summary>
    private long Unacknowledged => Math.Max(0, _position - _acked - _removed.Bytes);

    /// <summary>Bytes that may be sent now; without an acknowledgement ever, the socket is the only bound.</summary>
    private int RoomInWindow => _acks ? (int)Math.Max(0, _window.Size - Unacknowledged) : int.MaxValue;

    /// <summary>True when the client is too far behind for what it missed.</summary>
    private bool IsToSkip => _position < _session.OldestOffset || (_isLagging && _session.PublishedOffset - _position > LagAllowance);

    /// <summary>True while nothing is on the way to the client that it did not take yet.</summary>
    private bool IsDrained => !_blocked && (!_acks || Unacknowledged <= DrainedRest);

    /// <summary>A snapshot for a client that was lagging, or whose dialect cannot tell a change of size.</summary>
    internal void Resynchronise(Snapshot snapshot, bool isWhole)
    {
        _snapshotAsked = false;
        if (_gone || _closeCode != 0) return;
        if (_isLagging && snapshot.Offset > _position) Send(new ServerMessage { Type = "lag", From = _position, To = snapshot.Offset });
        if (snapshot.SizeSequence != _sizeSequence && _dialect.TellsSize)
        {
            Send(new ServerMessage { Type = "size", Cols = snapshot.Columns, Rows = snapshot.Rows, Offset = snapshot.Offset });
        }

        bool hasOwnScrollback = Request.KeepClientScrollback || Request.Scrollback == 0;
        _owesScrollback = !isWhole && !hasOwnScrollback;
        _nextSnapshotAt = Environment.TickCount64 + SnapshotInterval;
        Replace(snapshot);
        Pump();
    }

    private void Acknowledge(long offset)
    {
        // A snapshot's N is the position itself; what was never sent cannot have been applied.
        _acks = true;
        offset = Math.Clamp(offset, _acked, _position);
        if (offset > _acked) _windowFullAt = 0;
        long before = Unacknowledged;
        _acked = offset;
        _removed.Acknowledge(offset);
        long left = Unacknowledged;
        _window.OnAck(offset, before - left, offset + left);
        Pump();
    }

    /// <summary>Whoever interrupts does not want to see the rest of what is on its way.</summary>
    private void OnInterruptKey()
    {
        if (_session.PublishedOffset - _position > LagAllowance) _isLagging = true;
    }

    private void OnCaughtUp()
    {
        _isLagging = false;
        if (_owesScrollback && !_repayScheduled) ScheduleRepayment();
    }

    /// <summary>Leaves out what the client missed; always false: nothing more can be sent until the snapshot is there.</summary>
    private bool SkipAhead()
    {
        _isLagging = true;
        if (!IsDrained) return false;
        long wait = _nextSnapshotAt - Environment.TickCount64;
        if (wait <= 0) return AskSnapshot(isWhole: _session.QuietFor > QuietTime);
        if (_pumpScheduled) return false;
        _pumpScheduled = true;
        _session.Schedule(wait, () =>
        {
            _pumpScheduled = false;
            Pump();
        });
        return false;
    }

    private bool AskSnapshot(bool isWhole)
    {
        if (_snapshotAsked) return false;
        _snapshotAsked = true;
        _session.AskSnapshot(this, isWhole);
        return false;
    }

    /// <summary>Snapshots of a lagging client hold the screen alone. When the session is quiet again it is made equal to the whole terminal, scrollback included (I1).</summary>
    private void ScheduleRepayment()
    {
        _repayScheduled = true;
        _session.Schedule(QuietTime, () =>
        {
            _repayScheduled = false;
            if (_gone || _closeCode != 0 || !_owesScrollback) return;
            bool isIdle = _session.QuietFor >= QuietTime && _position >= _session.PublishedOffset && IsDrained;
            if (isIdle) AskSnapshot(isWhole: true);
            else if (!_isLagging) ScheduleRepayment();
        });
    }
}
