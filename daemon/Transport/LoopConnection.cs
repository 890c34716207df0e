using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Sessiond.Pty;

namespace Sessiond.Daemon.Transport;

/// <summary>One connection between a socket on the loop and Kestrel's pipes, until it ends or <see cref="TakeSocketAsync"/> takes the socket away.</summary>
internal sealed class LoopConnection : DefaultConnectionContext, IEpollHandler
{
    /// <summary>Bytes read at once; a request with its headers fits.</summary>
    private const int ReadSize = 4096;

    /// <summary>Bytes of a request body that may wait for the handler, and of an answer that may wait for the client.</summary>
    private const int PauseThreshold = 64 * 1024;

    /// <summary>Milliseconds that a connection may be without a byte of its first request.</summary>
    private const int FirstByteLimit = 5000;

    private readonly StreamSocket _socket;
    private readonly EpollLoop _loop;
    private readonly ConnectionLimit _limit;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly CancellationTokenSource _closed = new();
    private TaskCompletionSource? _writable; // loop's thread
    private Task _sending = Task.CompletedTask;
    private EpollToken _token;
    private bool _registered; // loop's thread
    private bool _hasReceived; // loop's thread
    private bool _inputEnded; // loop's thread
    private bool _readPaused; // loop's thread
    private volatile bool _socketTaken;
    private int _disposed;

    internal LoopConnection(string id, StreamSocket socket, LoopEndPoint local, EpollLoop loop, ConnectionLimit limit) : base(id)
    {
        _socket = socket;
        _loop = loop;
        _limit = limit;
        Listener = local;
        // The application's side of the input runs on the pool: handlers may take their time, the loop may not.
        _input = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.ThreadPool,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: PauseThreshold,
            resumeWriterThreshold: PauseThreshold / 2,
            useSynchronizationContext: false));
        _output = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.ThreadPool,
            pauseWriterThreshold: PauseThreshold,
            resumeWriterThreshold: PauseThreshold / 2,
            useSynchronizationContext: false));
        Transport = new DuplexPipe(_input.Reader, _output.Writer);
        Application = new DuplexPipe(_output.Reader, _input.Writer);
        ConnectionClosed = _closed.Token;
        LocalEndPoint = local;
        Features.Set(this);
    }

    /// <summary>The listener that accepted it.</summary>
    internal LoopEndPoint Listener { get; }

    /// <summary>Who connected, for a Unix socket.</summary>
    internal PeerCredentials? Peer => _socket.Peer;

    /// <summary>Begins to read and to send. Loop's thread.</summary>
    internal void Start()
    {
        _token = _loop.Register(_socket.Fd, EpollEvents.Readable, this);
        _registered = true;
        _sending = SendAsync();
        // Kestrel's own limit for a request's head begins with its first byte.
        _loop.Schedule(FirstByteLimit, () =>
        {
            if (!_hasReceived) Abort(new ConnectionAbortedException("nothing was sent"));
        });
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if ((events & (EpollEvents.Writable | EpollEvents.Error | EpollEvents.HangUp)) != 0) WakeWriter();
        if (!_inputEnded && !_readPaused) Receive();
        else if ((events & (EpollEvents.Error | EpollEvents.HangUp)) != 0) StopWatching();
    }

    /// <summary>
    /// Ends Kestrel's part: what was answered is sent, and the socket is the caller's. What the client sent already is still to be read from the
    /// upgraded stream, which then ends.
    /// </summary>
    internal async Task<StreamSocket> TakeSocketAsync()
    {
        // First of all: from here on neither the end of the input nor an abort may touch the socket.
        _socketTaken = true;
        await _loop.InvokeAsync(() =>
        {
            StopWatching();
            EndInput();
        });
        _output.Reader.CancelPendingRead();
        await _sending;
        return _socket;
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (_socketTaken) return;
        _socket.Shutdown();
        _output.Reader.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _sending;
        await _loop.InvokeAsync(() =>
        {
            StopWatching();
            EndInput();
        });
        if (!_socketTaken)
        {
            _socket.Dispose();
            _limit.Leave();
        }

        _closed.Dispose();
        await base.DisposeAsync();
    }

    private void Receive()
    {
        while (true)
        {
            int count = _socket.Read(_input.Writer.GetSpan(ReadSize));
            if (count == IoResult.WouldBlock) return;
            if (count == IoResult.End)
            {
                EndInput();
                return;
            }

            _hasReceived = true;
            _input.Writer.Advance(count);
            ValueTask<FlushResult> flush = _input.Writer.FlushAsync();
            if (flush.IsCompletedSuccessfully)
            {
                if (flush.Result.IsCompleted)
                {
                    EndInput();
                    return;
                }

                continue;
            }

            _readPaused = true;
            Watch(EpollEvents.None);
            _ = ResumeAfterAsync(flush);
            return;
        }
    }

    private async Task ResumeAfterAsync(ValueTask<FlushResult> flush)
    {
        await flush;
        _loop.Post(ResumeReading);
    }

    private void ResumeReading()
    {
        _readPaused = false;
        if (_inputEnded || !_registered) return;
        Watch(_writable is null ? EpollEvents.Readable : EpollEvents.Readable | EpollEvents.Writable);
    }

    private void EndInput()
    {
        if (_inputEnded) return;
        _inputEnded = true;
        _input.Writer.Complete();
        if (!_socketTaken) ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.SignalClosed(), this, preferLocal: false);
        if (_registered) Watch(_writable is null ? EpollEvents.None : EpollEvents.Writable);
    }

    private void SignalClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Kestrel disposed the connection first: nobody listens any more.
        }
    }

    private async Task SendAsync()
    {
        PipeReader reader = _output.Reader;
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync();
                foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                {
                    if (!await SendAllAsync(segment)) return;
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || result.IsCanceled) return;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private async ValueTask<bool> SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = _socket.Write(bytes.Span);
            if (count == IoResult.End) return false;
            if (count > 0) bytes = bytes[count..];
            else if (!await WritableAsync()) return false;
        }

        return true;
    }

    private async Task<bool> WritableAsync()
    {
        var writable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
        {
            if (!_registered)
            {
                writable.SetResult();
                return;
            }

            _writable = writable;
            Watch(_inputEnded || _readPaused ? EpollEvents.Writable : EpollEvents.Readable | EpollEvents.Writable);
        });
        await writable.Task;
        return _registered;
    }

    private void WakeWriter()
    {
        if (_writable is not { } writable) return;
        _writable = null;
        if (_registered) Watch(_inputEnded || _readPaused ? EpollEvents.None : EpollEvents.Readable);
        writable.SetResult();
    }

    private void StopWatching()
    {
        if (!_registered) return;
        _registered = false;
        _loop.Unregister(_token);
        WakeWriter();
    }

    private void Watch(EpollEvents events) => _loop.Modify(_token, events);

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;
    }
}
