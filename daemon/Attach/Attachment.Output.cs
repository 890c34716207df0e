using Sessiond.Daemon.Sessions;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>The sending side: pending frames first, then the snapshot, then the journal from the position on.</summary>
internal sealed partial class Attachment
{
    /// <summary>Bytes of payload that an output message should not exceed: a larger write(2) saves little and makes a slow client's rest larger.</summary>
    private const int MaxPayload = 64 * 1024;

    /// <summary>Bytes of control frames and rests that may wait for a client that does not read, before it is dropped.</summary>
    private const int MaxPending = 256 * 1024;

    /// <summary>Pings without an answer or anything else received before the peer counts as dead: three of 20 s are the 60 s of the protocol.</summary>
    private const int MaxSilentPings = 3;

    /// <summary>Milliseconds that a client has to take a close frame and close its side.</summary>
    private const int CloseLinger = 5000;

    private readonly PendingOutput _pending = new();
    private ReadOnlyMemory<byte> _snapshot;
    private long _snapshotOffset;
    private bool _snapshotBegun;
    private bool _snapshotOpen;
    private long _position;
    private long _sizeSequence;
    private bool _snapshotAsked;
    private bool _blocked;
    private bool _exitTold;
    private int _silentPings;

    /// <summary>Everything of the journal below this was sent.</summary>
    internal long Position => _position;

    /// <summary>Sends what can be sent now.</summary>
    internal void Pump()
    {
        if (_gone) return;
        while (TryFlush())
        {
            if (_snapshotOpen) SendSnapshotPart();
            else if (_closeCode != 0 || !SendNext()) break;
        }

        UpdateWatch();
    }

    /// <summary>Queues a message, in the dialect's form, behind what is under way.</summary>
    internal void Send(ServerMessage message)
    {
        if (_dialect.Encode(message) is { } frame) Enqueue(frame);
    }

    /// <summary>Goes on with a snapshot instead of what was skipped.</summary>
    internal void Replace(Snapshot snapshot)
    {
        _snapshotAsked = false;
        _snapshot = snapshot.Bytes;
        _snapshotOffset = snapshot.Offset;
        _snapshotBegun = false;
        _snapshotOpen = true;
        _position = snapshot.Offset;
        _sizeSequence = snapshot.SizeSequence;
    }

    /// <summary>A snapshot for a client that was lagging, or whose dialect cannot tell a change of size.</summary>
    internal void Resynchronise(Snapshot snapshot)
    {
        if (_gone || _closeCode != 0) return;
        if (_position < _session.OldestOffset) Send(new ServerMessage { Type = "lag", From = _position, To = snapshot.Offset });
        Replace(snapshot);
        Pump();
    }

    /// <summary>Closes the WebSocket after what is already queued.</summary>
    internal void Close(int code, string reason)
    {
        if (_gone || _closeCode != 0) return;
        _closeCode = code;
        Enqueue(WebSocketFrame.EncodeClose(code, reason));
        Pump();
        if (_gone) return;
        _session.Schedule(CloseLinger, Drop);
    }

    /// <summary>Ends at once: nothing more is sent or read.</summary>
    internal void Drop()
    {
        if (_gone) return;
        _gone = true;
        Unwatch();
        _socket.Dispose();
        _pending.Clear();
        _snapshot = default;
        _session.Detach(this);
        _onClosed();
    }

    private bool SendNext()
    {
        SizeChange? change = _session.SizeChangeAfter(_sizeSequence);
        if (change is not null && change.Offset <= _position)
        {
            _sizeSequence = change.Sequence;
            return TellSize(change);
        }

        if (_position >= _session.PublishedOffset) return TellExit();
        if (_position < _session.OldestOffset) return AskSnapshot();
        long limit = _session.RestAfter(_position, MaxPayload);
        if (change is not null) limit = Math.Min(limit, change.Offset);
        StreamPiece piece = _session.NextPiece(_position, limit, IsController);
        if (piece.Length > 0)
        {
            Span<byte> prefix = stackalloc byte[AttachDialect.MaxPrefix];
            int length = _dialect.WriteOutputPrefix(prefix, piece.Offset, piece.Length);
            Write(prefix[..length], _session.ReadJournal(piece.Offset, piece.Length));
        }

        _position = piece.End;
        return true;
    }

    private bool TellSize(SizeChange change)
    {
        if (_dialect.TellsSize)
        {
            Send(new ServerMessage { Type = "size", Cols = change.Columns, Rows = change.Rows, Offset = _position });
            return true;
        }

        return change.By == this || AskSnapshot();
    }

    private bool TellExit()
    {
        if (_exitTold || _session.Ended is not { } ended) return false;
        _exitTold = true;
        string? signal = ended.Signal is { } number ? SignalNames.NameOf(number) : null;
        Send(new ServerMessage { Type = "exit", Code = ended.Code, Signal = signal });
        Close(_session.EndCode, ended.ToString());
        return true;
    }

    private bool AskSnapshot()
    {
        if (!_snapshotAsked)
        {
            _snapshotAsked = true;
            _session.AskSnapshot(this);
        }

        return false;
    }

    private void SendSnapshotPart()
    {
        int length = Math.Min(_snapshot.Length, MaxPayload);
        bool isLast = length == _snapshot.Length;
        Span<byte> prefix = stackalloc byte[AttachDialect.MaxPrefix];
        int prefixLength = _dialect.WriteSnapshotPrefix(prefix, _snapshotOffset, length, !_snapshotBegun, isLast);
        Write(prefix[..prefixLength], _snapshot.Span[..length]);
        _snapshotBegun = true;
        _snapshotOpen = !isLast;
        _snapshot = isLast ? default : _snapshot[length..];
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

    private void Enqueue(byte[] frame)
    {
        if (_gone) return;
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
                return false;
            }

            _pending.Take(count);
        }

        _blocked = false;
        return true;
    }

    private void SchedulePing() => _session.Schedule(Request.PingSeconds * 1000L, () =>
    {
        if (_gone || _closeCode != 0) return;
        // Whose input waits for a program that does not read cannot be heard: that is no sign of death.
        _silentPings = _receivedSincePing || _inputPaused ? 0 : _silentPings + 1;
        _receivedSincePing = false;
        if (_silentPings >= MaxSilentPings)
        {
            Drop();
            return;
        }

        Enqueue(WebSocketFrame.Encode(WebSocketFrame.OpPing, []));
        SchedulePing();
    });
}
