using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json;
using Sessiond.Cli.Client;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Attach;

/// <summary>
/// Takes what the server sends and shows it: one write to the terminal for a message, no allocation for it.
/// </summary>
/// <remarks>
/// Binary messages are <c>[1][u64 offset][bytes]</c> (output) and <c>[2][flags: 1 begin, 2 end][u64 offset][bytes]</c> (a part
/// of a snapshot); other types are left alone. It lives as long as the attachment, over several connections.
/// </remarks>
internal sealed class AttachReceiver(OuterTerminal terminal)
{
    private const byte OutputType = 1;
    private const byte SnapshotType = 2;
    private const int OutputHeader = 9;
    private const int SnapshotHeader = 10;
    private const byte SnapshotBegin = 1;
    private const byte SnapshotEnd = 2;

    // Larger than any message of the server's (its window is as large), so that each is written at once.
    private const int BufferBytes = 256 * 1024 + SnapshotHeader;

    // As much as the server may send to a slow client before it waits for an answer, and what is small enough not to be answered.
    private const int AckBytes = 8 * 1024;
    private const int IdleAckBytes = 1024;

    private const long Unknown = -1;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private int _filled;
    private Part _part;
    private ServerMessage? _exit;
    private string? _takenBy;
    private string? _epoch;
    private string? _attachment;
    private long _offset = Unknown;
    private long _nextOffset;
    private long _snapshotOffset;
    private long _applied;
    private long _unacknowledged;

    /// <summary>What the rest of a message that was too long for the buffer is.</summary>
    private enum Part
    {
        None,
        Output,
        Snapshot,
        LastOfSnapshot,
        Unknown,
    }

    /// <summary>True once the present connection has brought its hello: only then is it one.</summary>
    public bool Greeted { get; private set; }

    /// <summary>How far the terminal has come.</summary>
    public AttachPosition Position
    {
        get
        {
            long offset = Interlocked.Read(ref _offset);
            return new AttachPosition { Epoch = _epoch, Attachment = _attachment, Offset = offset == Unknown ? null : offset };
        }
    }

    /// <summary>Notes that something else was written to the terminal: only a whole snapshot makes it right again. Any thread.</summary>
    public void Forget() => Interlocked.Exchange(ref _offset, Unknown);

    /// <summary>Receives until the connection ends.</summary>
    public async Task<AttachEnd> ReceiveLoopAsync(AttachConnection connection, CancellationToken cancellation)
    {
        WebSocket socket = connection.Socket;
        _filled = 0;
        _part = Part.None;
        _unacknowledged = 0;
        Greeted = false;
        try
        {
            while (true)
            {
                ValueTask<ValueWebSocketReceiveResult> receive = socket.ReceiveAsync(_buffer.AsMemory(_filled), cancellation);
                if (_unacknowledged >= (receive.IsCompleted ? AckBytes : IdleAckBytes)) Acknowledge(connection);
                ValueWebSocketReceiveResult result = await receive;
                if (result.MessageType == WebSocketMessageType.Close) return EndOfClose((int?)socket.CloseStatus, socket.CloseStatusDescription);
                _filled += result.Count;
                if (!result.EndOfMessage && _filled < _buffer.Length) continue;
                if (result.MessageType == WebSocketMessageType.Text) TakeText(result.EndOfMessage);
                else TakeBinary(result.EndOfMessage);
            }
        }
        catch (TerminalGoneException)
        {
            return AttachEnd.Signalled("SIGHUP");
        }
        catch (Exception e) when (AttachConnection.IsCut(e))
        {
            return EndOfCut();
        }
    }

    private void Acknowledge(AttachConnection connection)
    {
        _unacknowledged = 0;
        connection.Acknowledge(_applied);
    }

    /// <summary>What a close code means to the user.</summary>
    public static AttachEnd EndOfClose(int? code, string? reason, ServerMessage? exit = null, string? takenBy = null) => code switch
    {
        4001 => AttachEnd.TakenOver(takenBy ?? NameIn(reason)),
        4002 => AttachEnd.Exited(exit?.Code, exit?.Signal),
        4003 => AttachEnd.Refused(ExitCode.NotPermitted, Or(reason, "the authentication expired or was revoked")),
        4004 => AttachEnd.Refused(ExitCode.NoSuchSession, Or(reason, "no such session")),
        4009 => AttachEnd.Refused(ExitCode.Busy, Or(reason, "busy")),
        4010 => AttachEnd.Upgrading,
        4011 => AttachEnd.Refused(ExitCode.NotPermitted, Or(reason, "not permitted")),
        1001 => AttachEnd.Refused(ExitCode.NotReachable, "the daemon is shutting down"),
        1003 or 1009 => AttachEnd.Refused(ExitCode.Failed, Or(reason, $"closed by the daemon ({code})")),
        1000 => AttachEnd.Detached,
        _ => AttachEnd.Lost,
    };

    /// <summary>A coming back that is refused learns who has control from the reason alone.</summary>
    private static string? NameIn(string? reason)
    {
        const string Words = "taken over by ";
        return reason?.StartsWith(Words, StringComparison.Ordinal) == true ? reason[Words.Length..] : reason;
    }

    private static string Or(string? text, string otherwise) => string.IsNullOrEmpty(text) ? otherwise : text;

    private AttachEnd EndOfClose(int? code, string? reason) => EndOfClose(code, reason, _exit, _takenBy);

    private AttachEnd EndOfCut()
    {
        if (_exit is not null) return AttachEnd.Exited(_exit.Code, _exit.Signal);
        return _takenBy is not null ? AttachEnd.TakenOver(_takenBy) : AttachEnd.Lost;
    }

    private void TakeText(bool end)
    {
        // A text that outgrows the buffer is none that this client knows.
        if (end && _part == Part.None) Apply(_buffer.AsSpan(0, _filled));
        _part = end ? Part.None : Part.Unknown;
        _filled = 0;
    }

    private void Apply(ReadOnlySpan<byte> json)
    {
        ServerMessage? message;
        try
        {
            message = JsonSerializer.Deserialize(json, WireJsonContext.Default.ServerMessage);
        }
        catch (JsonException)
        {
            // Of a newer server: what cannot be read is left alone, like an unknown type.
            return;
        }

        switch (message?.Type)
        {
            case "hello":
                Greeted = true;
                _epoch = message.Epoch;
                _attachment = message.Attachment;
                break;
            case "lag":
                Forget();
                break;
            case "exit":
                _exit = message;
                break;
            case "taken_over":
                _takenBy = message.By ?? "";
                break;
        }
    }

    private void TakeBinary(bool end)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _filled);
        if (_part == Part.None) bytes = bytes[Begin(bytes)..];
        int held = end || _part == Part.Unknown ? 0 : OutputFilter.HeldTail(bytes);
        bytes = bytes[..^held];
        if (_part != Part.Unknown)
        {
            Show(bytes);
            if (_part == Part.Output) Advance(_nextOffset + bytes.Length);
        }

        _buffer.AsSpan(_filled - held, held).CopyTo(_buffer);
        _filled = held;
        if (!end) return;
        if (_part == Part.LastOfSnapshot) Interlocked.Exchange(ref _offset, _snapshotOffset);
        NoteApplied();
        _part = Part.None;
    }

    /// <summary>A message is shown whole. A snapshot is always told: the server waits for nothing else then.</summary>
    private void NoteApplied()
    {
        if (_part is not (Part.Output or Part.LastOfSnapshot)) return;
        long before = _applied;
        _applied = _part == Part.Output ? _nextOffset : _snapshotOffset;
        _unacknowledged = _part == Part.Output ? _unacknowledged + Math.Max(0, _applied - before) : AckBytes;
    }

    /// <summary>Reads the header of a message; returns its length.</summary>
    private int Begin(ReadOnlySpan<byte> message)
    {
        if (message.Length >= OutputHeader && message[0] == OutputType)
        {
            _part = Part.Output;
            _nextOffset = BinaryPrimitives.ReadInt64BigEndian(message[1..]);
            return OutputHeader;
        }

        if (message.Length >= SnapshotHeader && message[0] == SnapshotType)
        {
            _part = (message[1] & SnapshotEnd) != 0 ? Part.LastOfSnapshot : Part.Snapshot;
            _snapshotOffset = BinaryPrimitives.ReadInt64BigEndian(message[2..]);
            if ((message[1] & SnapshotBegin) != 0) Forget();
            return SnapshotHeader;
        }

        _part = Part.Unknown;
        return 0;
    }

    /// <summary>Notes the bytes of an output message that were shown; without a whole snapshot before them they count for nothing.</summary>
    private void Advance(long next)
    {
        _nextOffset = next;
        long known = Interlocked.Read(ref _offset);

        // Forget may come in between; then it stays forgotten.
        if (known != Unknown) Interlocked.CompareExchange(ref _offset, next, known);
    }

    private void Show(ReadOnlySpan<byte> bytes)
    {
        try
        {
            terminal.Write(bytes);
        }
        catch (IOException e)
        {
            throw new TerminalGoneException(e);
        }
    }

    /// <summary>Tells a broken terminal from a broken connection.</summary>
    private sealed class TerminalGoneException(IOException cause) : Exception("the terminal is gone", cause);
}
