using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>Messages over a private socket pair on a loop: sent in order, at once where the socket takes them.</summary>
/// <param name="socket">Our end; it is closed with the channel.</param>
/// <param name="loop">Receives, from <see cref="Start"/> on.</param>
public sealed class MessageChannel(MessageSocket socket, EpollLoop loop) : IEpollHandler
{
    /// <summary>Messages taken in one turn; the loop has others to serve.</summary>
    private const int MessagesPerTurn = 32;

    /// <summary>Milliseconds to the next try when the kernel has room for bytes but not for more descriptors under way.</summary>
    private const int RetryDelay = 2;

    private readonly Lock _gate = new(); // guards _queue, _dead and the order of sending
    private readonly Queue<(byte[] Bytes, SafeFd[] Fds)> _queue = new();
    private readonly byte[] _buffer = new byte[MessageSocket.MaxLength];
    private readonly List<SafeFd> _received = [];
    private EpollToken _token;
    private bool _dead;

    /// <summary>The socket's descriptor.</summary>
    public SafeFd Fd => socket.Fd;

    /// <summary>True when everything that was sent is with the kernel. Any thread.</summary>
    public bool IsEmpty
    {
        get { lock (_gate) return _queue.Count == 0; }
    }

    /// <summary>Takes messages, on the loop.</summary>
    public Action<HolderMessage> OnMessage { get; set; } = static _ => { };

    /// <summary>Told once, on the loop, when the other side is gone.</summary>
    public Action OnClosed { get; set; } = static () => { };

    /// <summary>Told once, on the loop, of what came of a message that could not be received or was not understood: nothing more is received.</summary>
    public Action<Exception> OnFault { get; set; } = static _ => { };

    /// <summary>Begins to receive. Loop's thread.</summary>
    public void Start() => _token = loop.Register(socket.Fd, EpollEvents.Readable, this);

    /// <summary>Sends, or queues behind what waits. Any thread; does not block. What is sent to a side that is gone is lost.</summary>
    public void Send(HolderMessage message)
    {
        byte[] bytes = message.Encode();
        lock (_gate)
        {
            if (_dead) return;
            if (_queue.Count == 0 && socket.Send(bytes, message.Fds) != IoResult.WouldBlock) return;
            // The sender may close its descriptors before the socket takes them.
            _queue.Enqueue((bytes, [.. message.Fds.Select(fd => fd.Duplicate())]));
            if (_queue.Count == 1) loop.Post(WaitWritable);
        }
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != 0) Flush();
        if ((events & ~EpollEvents.Writable) != 0) Receive(MessagesPerTurn);
    }

    /// <summary>Takes what is there, at most so many messages. Loop's thread.</summary>
    public void Receive(int max)
    {
        for (int i = 0; i < max && !_dead; i++)
        {
            _received.Clear();
            int count = socket.Receive(_buffer, _received);
            if (count == IoResult.WouldBlock) return;
            if (count == IoResult.End)
            {
                Close();
                OnClosed();
                return;
            }

            OnMessage(HolderMessage.Decode(_buffer.AsSpan(0, count), [.. _received]));
        }
    }

    /// <inheritdoc/>
    void IEpollHandler.OnFault(Exception exception) => OnFault(exception);

    /// <summary>Ends it; nothing is received or sent from here on. Loop's thread.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_dead) return;
            _dead = true;
            foreach ((_, SafeFd[] fds) in _queue) Array.ForEach(fds, fd => fd.Dispose());
            _queue.Clear();
            loop.Unregister(_token);
            socket.Dispose();
        }
    }

    private void WaitWritable()
    {
        if (!_dead) loop.Modify(_token, EpollEvents.Readable | EpollEvents.Writable);
    }

    private void Flush()
    {
        lock (_gate)
        {
            int waiting = _queue.Count;
            while (_queue.TryPeek(out (byte[] Bytes, SafeFd[] Fds) next) && socket.Send(next.Bytes, next.Fds) != IoResult.WouldBlock)
            {
                Array.ForEach(next.Fds, fd => fd.Dispose());
                _queue.Dequeue();
            }

            if (_queue.Count > 0 && _queue.Count < waiting) return;
            loop.Modify(_token, EpollEvents.Readable);
            if (_queue.Count > 0) loop.Schedule(RetryDelay, WaitWritable);
        }
    }
}
