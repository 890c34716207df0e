using Sessiond.Daemon.Sessions;
using Sessiond.Pty;

namespace Sessiond.Daemon.Attach;

/// <summary>The receiving side: what came in one read is typed with one write, however small the client's frames are (T97).</summary>
internal sealed partial class Attachment
{
    /// <summary>Bytes read from the socket at once.</summary>
    private const int ReadSize = 64 * 1024;

    /// <summary>Bytes read at once from a client whose messages are tiny: some hundred of them, and the loop's others are served in between.</summary>
    private const int TinyReadSize = 4 * 1024;

    /// <summary>Messages in one read above which they count as tiny.</summary>
    private const int ManyMessages = 256;

    /// <summary>Reads of one turn; the loop has others to serve.</summary>
    private const int ReadsPerTurn = 4;

    /// <summary>Milliseconds that an undecided sequence (the beginning of what may be an answer of the client's terminal) is held: less than a person notices.</summary>
    private const int HoldTime = 100;

    private readonly ReplyFilter _replies = new();
    private byte[]? _pong;
    private int _messages;
    private bool _inputPaused;
    private bool _messageOpen;
    private bool _releaseScheduled;

    /// <summary>Input of the read that is being taken apart. One per loop, since a loop does one thing at a time.</summary>
    [ThreadStatic]
    private static InputBatch? _batch;

    /// <summary>Takes input for the program; keys of an observer do nothing.</summary>
    internal void Type(ReadOnlySpan<byte> bytes)
    {
        if (!IsController) return;
        if (!_messageOpen && _session.TryInterrupt(bytes))
        {
            // As at a keyboard: what was typed before it and not read is gone.
            _batch?.Clear();
            _waiting.Clear();
            OnInterruptKey();
            return;
        }

        (_batch ??= new InputBatch(ReadSize)).Add(bytes);
    }

    private void Receive()
    {
        byte[] buffer = Session.ReceiveBuffer(ReadSize);
        bool isTiny = _messages > ManyMessages;
        for (int i = 0; i < (isTiny ? 1 : ReadsPerTurn) && !_gone && !_ignoresInput; i++)
        {
            int room = RoomToRead;
            if (room == 0)
            {
                _inputPaused = true;
                UpdateWatch();
                return;
            }

            int wanted = Math.Min(room, isTiny ? TinyReadSize : ReadSize);
            int count = _socket.Read(buffer.AsSpan(0, wanted));
            if (count == IoResult.WouldBlock) return;
            if (count == IoResult.End)
            {
                Drop();
                return;
            }

            Take(buffer.AsSpan(0, count));
            if (count < wanted) return;
        }

        // After a frame that is none only the peer's own end is of interest: its bytes are read and forgotten.
        if (_ignoresInput && !_gone && _socket.Read(buffer) == IoResult.End) Drop();
    }

    private void Take(Span<byte> bytes)
    {
        _heardAt = Environment.TickCount64;
        _hasRead = true;
        _messages = 0;
        int code = _reader.Read(bytes);
        _messages = _reader.TakeFrameCount();
        TypeBatch();
        if (code != 0)
        {
            _ignoresInput = true;
            Close(code, ReasonOf(code));
        }

        // Of several pings only the latest need be answered, RFC 6455 section 5.5.3.
        if (_pong is { } pong && _closeCode == 0) Enqueue(pong);
        _pong = null;
        if (!_gone && !_blocked) UpdateWatch();
    }

    private void TypeBatch()
    {
        if (_batch is { IsEmpty: false } batch)
        {
            ReadOnlySpan<byte> typed = batch.Bytes;
            if (typed.Contains(InterruptKey)) OnInterruptKey();
            long now = Environment.TickCount64;
            TypeOrKeep(_replies.PassesAsIs(typed, now) ? typed : _replies.Filter(typed, now));
            batch.Clear();
        }
        else if (!_messageOpen && _waiting.Length == 0)
        {
            _session.EndInput(this);
        }

        if (_replies.IsHolding && !_releaseScheduled) ScheduleRelease();
    }

    /// <summary>What may be the beginning of a terminal's answer, and is not followed by the rest of one, was a key: alt and a bracket.</summary>
    private void ScheduleRelease()
    {
        _releaseScheduled = true;
        _session.Schedule(HoldTime, () =>
        {
            _releaseScheduled = false;
            if (_gone || !_replies.IsHolding) return;
            byte[] held = _replies.Release();
            if (IsController) TypeOrKeep(held);
        });
    }
}
