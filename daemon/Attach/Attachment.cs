using Sessiond.Daemon.Access;
using Sessiond.Daemon.Sessions;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>
/// One client's WebSocket on a session. It has no queue of output: it has a position in the session's journal, and the ring is the bounded queue (I6). Whoever
/// falls further behind than the ring reaches is lagging and goes on with a snapshot.
/// </summary>
/// <remarks>Everything runs on the session's loop. What is sent while the socket is full waits in <see cref="PendingOutput"/>.</remarks>
internal sealed partial class Attachment : IEpollHandler, IWebSocketSink
{
    /// <summary>Bytes read from the socket at once.</summary>
    private const int ReadSize = 64 * 1024;

    /// <summary>Reads of one turn; the loop has others to serve.</summary>
    private const int ReadsPerTurn = 4;

    private readonly Session _session;
    private readonly StreamSocket _socket;
    private readonly AttachDialect _dialect;
    private readonly WebSocketReader _reader;
    private readonly ReplyFilter _replies = new();
    private readonly Action _onClosed;
    private EpollLoop? _loop;
    private EpollToken _token;
    private EpollEvents _watched;
    private ReadOnlyMemory<byte> _early;
    private int _closeCode;
    private bool _inputPaused;
    private bool _receivedSincePing = true;
    private bool _gone;

    internal Attachment(
        string id, Session session, StreamSocket socket, AttachDialect dialect, AttachRequest request, byte[] early, Action onClosed)
    {
        Id = id;
        Request = request;
        _session = session;
        _socket = socket;
        _dialect = dialect;
        _reader = new WebSocketReader(this);
        _early = early;
        _onClosed = onClosed;
    }

    /// <summary>Opaque name, told in <c>hello</c>.</summary>
    internal string Id { get; }

    internal AttachRequest Request { get; }

    internal Identity Identity => Request.Identity;

    /// <summary>Set by the session under its gate.</summary>
    internal bool IsController { get; set; }

    /// <summary>True once it was closed or lost.</summary>
    internal bool IsGone => _gone;

    private string Role => IsController ? "controller" : "observer";

    /// <summary>Begins: hello, snapshot, then whatever follows it.</summary>
    internal void Start(EpollLoop loop, Snapshot snapshot, string epoch, string state)
    {
        Watch(loop);
        Send(new ServerMessage
        {
            Type = "hello",
            Proto = SessiondDialect.Name,
            Epoch = epoch,
            Role = Role,
            Cols = snapshot.Columns,
            Rows = snapshot.Rows,
            Offset = snapshot.Offset,
            State = state,
            Features = [],
            Attachment = Id,
        });
        Replace(snapshot);
        if (!_early.IsEmpty)
        {
            byte[] early = _early.ToArray();
            _early = default;
            Take(early);
        }

        Pump();
        SchedulePing();
    }

    /// <summary>Moves to another loop, or onto its first one.</summary>
    internal void Watch(EpollLoop loop)
    {
        _loop = loop;
        _watched = EpollEvents.Readable;
        _token = loop.Register(_socket.Fd, _watched, this);
    }

    /// <summary>Stops watching, before a move.</summary>
    internal void Unwatch() => _loop?.Unregister(_token);

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != 0) Pump();
        if (_gone) return;
        if ((events & EpollEvents.Readable) != 0 && !_inputPaused) Receive();
        else if ((events & (EpollEvents.Error | EpollEvents.HangUp)) != 0) Drop();
    }

    /// <summary>Takes input for the program; keys of an observer do nothing.</summary>
    internal void Type(ReadOnlySpan<byte> bytes)
    {
        if (!IsController) return;
        if (_replies.PassesAsIs(bytes)) _session.Type(bytes);
        else _session.Type(_replies.Filter(bytes));
    }

    /// <summary>Takes a message of the client.</summary>
    internal void Receive(ClientMessage message)
    {
        switch (message.Type)
        {
            case "resize" when IsController && message is { Cols: { } cols, Rows: { } rows }:
                _session.ResizeSoon(Clamp(cols), Clamp(rows), ClampPixels(message.Xpixel), ClampPixels(message.Ypixel), this);
                break;
            case "ping":
                Send(new ServerMessage { Type = "pong", Id = message.Id });
                break;
            case "claim" when Identity.MayControl && !IsController:
                _session.Claim(this);
                break;
            case "release" when IsController:
                _session.Release(this);
                break;
            case "profile":
                _session.TakeProfile(this, message);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnMessage(bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast)
    {
        int code = _dialect.Receive(this, isText, piece, isFirst, isLast);
        if (code != 0) Close(code, ReasonOf(code));
    }

    /// <inheritdoc/>
    public void OnControl(int opcode, ReadOnlySpan<byte> payload)
    {
        if (opcode == WebSocketFrame.OpPing) Enqueue(WebSocketFrame.Encode(WebSocketFrame.OpPong, payload));
        else if (opcode == WebSocketFrame.OpClose) Close(CloseCode.Normal, "");
    }

    /// <summary>Input may flow again: the session's queue has room.</summary>
    internal void ResumeInput()
    {
        if (!_inputPaused || _gone) return;
        _inputPaused = false;
        UpdateWatch();
    }

    private static int Clamp(long size) => (int)Math.Clamp(size, 1, Spec.TerminalSize.Max);

    private static int ClampPixels(long? pixels) => (int)Math.Clamp(pixels ?? 0, 0, ushort.MaxValue);

    private static string ReasonOf(int code) => code switch
    {
        CloseCode.TooLarge => $"a message is at most {WebSocketReader.MaxMessage >> 20} MiB, a text message of sessiond.v1 64 KiB",
        CloseCode.WrongKind => "a text message of sessiond.v1 is one JSON object",
        CloseCode.ProtocolError => "not a WebSocket frame",
        _ => "",
    };

    private void Receive()
    {
        byte[] buffer = Session.ReceiveBuffer(ReadSize);
        for (int i = 0; i < ReadsPerTurn && !_gone && _closeCode == 0; i++)
        {
            int room = _session.InputRoom;
            if (room == 0)
            {
                _inputPaused = true;
                UpdateWatch();
                return;
            }

            int wanted = Math.Min(room, ReadSize);
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

        // After a close only the peer's own end is of interest: its bytes are read and forgotten.
        if (_closeCode != 0 && !_gone && _socket.Read(buffer) == IoResult.End) Drop();
    }

    private void Take(Span<byte> bytes)
    {
        _receivedSincePing = true;
        int code = _reader.Read(bytes);
        if (code != 0) Close(code, ReasonOf(code));
    }

    private void UpdateWatch()
    {
        if (_gone || _loop is null) return;
        EpollEvents wanted = (_inputPaused ? EpollEvents.None : EpollEvents.Readable)
            | (_blocked ? EpollEvents.Writable : EpollEvents.None);
        if (wanted == _watched) return;
        _watched = wanted;
        _loop.Modify(_token, wanted);
    }
}
