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
    private readonly Session _session;
    private readonly StreamSocket _socket;
    private readonly AttachDialect _dialect;
    private readonly WebSocketReader _reader;
    private readonly SocketPace _pace;
    private readonly Action _onClosed;
    private EpollLoop? _loop;
    private EpollToken _token;
    private EpollEvents _watched;
    private ReadOnlyMemory<byte> _early;
    private bool _gone;

    internal Attachment(
        string id, Session session, StreamSocket socket, AttachDialect dialect, AttachRequest request, byte[] early, Action onClosed)
    {
        Id = id;
        Request = request;
        _session = session;
        _socket = socket;
        _pace = new SocketPace(socket);
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

    /// <summary>Begins: hello, snapshot or the missing bytes, then whatever follows.</summary>
    internal void Start(EpollLoop loop, AttachPoint point)
    {
        Watch(loop);
        Enqueue(_dialect.Greeting);
        Send(new ServerMessage
        {
            Type = "hello",
            Proto = SessiondDialect.Name,
            Epoch = _session.Epoch,
            Role = Role,
            Cols = point.Columns,
            Rows = point.Rows,
            Offset = point.Offset,
            State = point.State,
            Features = [],
            Attachment = Id,
            Window = AckWindow.Most,
        });
        if (point.Snapshot is { } snapshot) Replace(snapshot);
        else GoOn(point.Offset, point.SizeSequence);
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
        UpdateWatch();
    }

    /// <summary>Stops watching, before a move.</summary>
    internal void Unwatch() => _loop?.Unregister(_token);

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != 0) OnWritable();
        if (_gone) return;
        if ((events & EpollEvents.Readable) != 0 && !_inputPaused) Receive();
        else if ((events & (EpollEvents.Error | EpollEvents.HangUp)) != 0) Drop();
    }

    /// <summary>Takes a message of the client: after the input that came before it, so that a pong says that the input was taken.</summary>
    internal void Receive(ClientMessage message)
    {
        TypeBatch();
        switch (message.Type)
        {
            case "ack" when message.Offset is { } offset:
                Acknowledge(offset);
                break;
            case "resize" when message is { Cols: { } cols, Rows: { } rows }:
                ResizeTo(cols, rows, message.Xpixel, message.Ypixel);
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

    /// <summary>The client's window has another size; an observer's is of no interest.</summary>
    private void ResizeTo(long columns, long rows, long? xpixel, long? ypixel)
    {
        if (IsController) _session.ResizeSoon(Clamp(columns), Clamp(rows), ClampPixels(xpixel), ClampPixels(ypixel), this);
    }

    /// <inheritdoc/>
    public void OnMessage(bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast)
    {
        // Who was told to go has nothing to say any more; only its own close is waited for.
        if (_closeCode != 0) return;
        _messageOpen = !isLast;
        int code = _dialect.Receive(this, isText, piece, isFirst, isLast);
        if (code != 0) Close(code, ReasonOf(code));
    }

    /// <inheritdoc/>
    public void OnControl(int opcode, ReadOnlySpan<byte> payload)
    {
        if (opcode == WebSocketFrame.OpClose) EndByPeer();
        else if (opcode == WebSocketFrame.OpPing) _pong = WebSocketFrame.Encode(WebSocketFrame.OpPong, payload);
    }

    private static int Clamp(long size) => (int)Math.Clamp(size, 1, Spec.TerminalSize.Max);

    private static int ClampPixels(long? pixels) => (int)Math.Clamp(pixels ?? 0, 0, ushort.MaxValue);

    private static string ReasonOf(int code) => code switch
    {
        CloseCode.TooLarge => $"a message is at most {WebSocketReader.MaxMessage >> 20} MiB, a control message 64 KiB",
        CloseCode.WrongKind => "a control message is one JSON object",
        CloseCode.ProtocolError => "not a WebSocket frame",
        _ => "",
    };

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
