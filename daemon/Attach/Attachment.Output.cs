using Sessiond.Daemon.Sessions;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>The sending side: pending frames first, then the snapshot, then the journal from the position on.</summary>
internal sealed partial class Attachment
{
    /// <summary>Bytes of payload that an output message should not exceed: a larger write(2) saves little and makes a slow client's rest larger.</summary>
    private const int MaxPayload = 64 * 1024;

    /// <summary>
    /// Bytes that a message may always have, however slow the client: in more than the 4 KiB that a sequence or string is held back there is a place to end. The least
    /// <see cref="AckWindow"/> and <see cref="SocketPace"/> have room for it.
    /// </summary>
    internal const int LeastPayload = 6 * 1024;

    /// <summary>Bytes of control frames and rests that may wait for a client that does not read, before it is dropped.</summary>
    private const int MaxPending = 256 * 1024;

    private readonly PendingOutput _pending = new();
    private ReadOnlyMemory<byte> _snapshot;
    private long _snapshotOffset;
    private bool _snapshotBegun;
    private bool _snapshotOpen;
    private long _position;
    private long _sizeSequence;
    private bool _blocked;
    private bool _exitTold;
    private bool _titleDue;

    /// <summary>Bytes of payload that a message to this client should not exceed.</summary>
    private int PayloadLimit => Math.Max(LeastPayload, _pace.PayloadUpTo(_acks ? Math.Min(MaxPayload, _window.Size / 4) : MaxPayload));

    /// <summary>Everything of the journal below this was sent.</summary>
    internal long Position => _position;

    /// <summary>The socket has room again.</summary>
    private void OnWritable()
    {
        if (_blocked) _pace.OnWritable();
        _blocked = false;
        Pump();
    }

    /// <summary>Sends what can be sent now.</summary>
    internal void Pump()
    {
        // A full socket says itself when it has room again.
        if (_gone || _blocked) return;
        while (TryFlush())
        {
            if (_snapshotOpen) SendSnapshotPart();
            else if (_closeCode != 0 || !SendNext()) break;
        }

        if (_peerClosed && _pending.Length == 0) Drop();
        UpdateWatch();
    }

    /// <summary>Queues a message, in the dialect's form, behind what is under way.</summary>
    internal void Send(ServerMessage message)
    {
        if (_dialect.Encode(message) is { } frame) Enqueue(frame);
    }

    /// <summary>The title is another one; told when its turn comes, and only the last of many.</summary>
    internal void TellTitle()
    {
        _titleDue = true;
        Pump();
    }

    /// <summary>Goes on with a snapshot instead of what was skipped.</summary>
    internal void Replace(Snapshot snapshot)
    {
        _snapshot = snapshot.Bytes;
        _snapshotOffset = snapshot.Offset;
        _snapshotBegun = false;
        _snapshotOpen = true;
        GoOn(snapshot.Offset, snapshot.SizeSequence);
    }

    private void GoOn(long offset, long sizeSequence)
    {
        _position = offset;
        _acked = offset;
        _removed.Clear();
        _sizeSequence = sizeSequence;
    }

    private bool SendNext()
    {
        if (_titleDue)
        {
            _titleDue = false;
            Send(new ServerMessage { Type = "title", Title = _session.Title });
            return true;
        }

        if (_snapshotAsked) return false;
        SizeChange? change = _session.SizeChangeAfter(_sizeSequence);
        // Changes before it are not known any more, and nobody can tell which of the bytes were printed at which size.
        if (change is not null && change.Sequence != _sizeSequence + 1) return IsDrained && AskSnapshot(isWhole: true);
        if (change is not null && change.Offset <= _position)
        {
            _sizeSequence = change.Sequence;
            return TellSize(change);
        }

        if (_position >= _session.PublishedOffset)
        {
            OnCaughtUp();
            return TellExit();
        }

        if (IsToSkip) return SkipAhead();
        int room = RoomInWindow;
        if (room <= 0) return WaitForAck();
        int length = Math.Min(PayloadLimit, room);
        long limit = _session.RestAfter(_position, length);
        // Points of rest are as far apart as a flood's reads. Whoever is slow gets less than that at once, and nobody more than the window if it can be helped.
        if (length == PayloadLimit && (length < MaxPayload || limit - _position > room)) limit = _session.RestWithin(_position, length);
        if (change is not null) limit = Math.Min(limit, change.Offset);
        // A piece that cannot end earlier is sent whole, but not on top of others. So little as no client need acknowledge is nothing to wait for.
        if (limit - _position > room && Unacknowledged > DrainedRest) return WaitForAck();
        SendPiece(limit);
        return true;
    }

    private bool WaitForAck()
    {
        if (_windowFullAt == 0) _windowFullAt = Environment.TickCount64;
        return false;
    }

    private void SendPiece(long limit)
    {
        StreamPiece piece = _session.NextPiece(_position, limit, IsController);
        if (piece.Length > 0)
        {
            Span<byte> prefix = stackalloc byte[AttachDialect.MaxPrefix];
            int length = _dialect.WriteOutputPrefix(prefix, piece.Offset, piece.Length);
            Write(prefix[..length], _session.ReadJournal(piece.Offset, piece.Length));
            _window.OnSent(piece.End);
        }
        else
        {
            _removed.Add(_position, piece.End);
        }

        _position = piece.End;
    }

    private bool TellSize(SizeChange change)
    {
        if (_dialect.TellsSize)
        {
            Send(new ServerMessage { Type = "size", Cols = change.Columns, Rows = change.Rows, Offset = _position });
            return true;
        }

        return change.By == this || AskSnapshot(isWhole: true);
    }

    private bool TellExit()
    {
        if (_exitTold || _session.Ended is not { } ended) return false;
        _exitTold = true;
        string? signal = ended.Signal is { } number ? SignalNames.NameOf(number) : null;
        Send(new ServerMessage { Type = "exit", Code = ended.Code, Signal = signal });
        if (_dialect.EncodeEnd(ended) is { } status) Enqueue(status);
        int code = _session.EndCode;
        Close(code == CloseCode.SessionEnded ? _dialect.EndCode : code, ended.ToString());
        return true;
    }

    private void SendSnapshotPart()
    {
        int length = Math.Min(_snapshot.Length, PayloadLimit);
        bool isLast = length == _snapshot.Length;
        Span<byte> prefix = stackalloc byte[AttachDialect.MaxPrefix];
        int prefixLength = _dialect.WriteSnapshotPrefix(prefix, _snapshotOffset, length, !_snapshotBegun, isLast);
        Write(prefix[..prefixLength], _snapshot.Span[..length]);
        _snapshotBegun = true;
        _snapshotOpen = !isLast;
        _snapshot = isLast ? default : _snapshot[length..];
        if (isLast) _window.OnSent(_snapshotOffset);
    }

    /// <summary>Writes a frame; what the socket does not take is copied, since the ring goes on.</summary>
    private void Write(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload)
    {
        int count = _socket.Write(prefix, payload);
        if (count == IoResult.End)
        {
            Drop();
            return;
        }

        int sent = Math.Max(0, count);
        if (sent < prefix.Length) _pending.Add(prefix[sent..]);
        int payloadSent = Math.Max(0, sent - prefix.Length);
        if (payloadSent < payload.Length) _pending.Add(payload[payloadSent..]);
    }

    private void Enqueue(ReadOnlySpan<byte> frame)
    {
        if (_gone || frame.IsEmpty) return;
        if (_pending.Length + frame.Length > MaxPending)
        {
            Drop();
            return;
        }

        _pending.Add(frame);
        // Behind a full socket this waits for EPOLLOUT; else the next Pump, which every caller ends with, sends it.
        if (!_blocked) _ = TryFlush();
        UpdateWatch();
    }

    private bool TryFlush()
    {
        if (_gone) return false;
        while (_pending.Length > 0)
        {
            int count = _socket.Write(_pending.Head);
            if (count == IoResult.End)
            {
                Drop();
                return false;
            }

            if (count == IoResult.WouldBlock)
            {
                _blocked = true;
                _blockedAt = Environment.TickCount64;
                _pace.OnFull();
                return false;
            }

            _pending.Take(count);
        }

        return true;
    }
}
