using Sessiond.Holder;
using Sessiond.Hooks;
using Sessiond.Pty;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>A child with its output in a pipe. Its end is that of the process, by pidfd; the pipe is read until its last writer is gone.</summary>
internal sealed class StartedProcess : IStartedProcess, IEpollHandler
{
    /// <summary>Bytes of one read: what a pipe holds, pipe(7).</summary>
    private const int ReadSize = 64 * 1024;

    /// <summary>Reads of one turn, and of what is left at the end: a background process that floods holds up neither the loop nor the end.</summary>
    private const int ReadsPerTurn = 2;

    private readonly ChildProcess _child;
    private readonly OutputPipe _pipe;
    private readonly Action<ReadOnlySpan<byte>> _output;
    private readonly ProcessScanner _scanner;
    private readonly SessionProcesses _processes;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EpollLoop? _loop;
    private EpollToken _pipeToken;
    private bool _pipeEnded; // loop's thread

    internal StartedProcess(
        ChildProcess child, OutputPipe pipe, string key, Action<ReadOnlySpan<byte>> output, ProcessScanner scanner, TimeProvider time)
    {
        _child = child;
        _pipe = pipe;
        _output = output;
        _scanner = scanner;
        _time = time;
        _processes = new SessionProcesses(child.Pid, key);
    }

    /// <inheritdoc/>
    public int Pid => _child.Pid;

    /// <inheritdoc/>
    public Task<ExitStatus> Ended => _ended.Task;

    /// <inheritdoc/>
    public async Task EndAsync(TimeSpan grace, CancellationToken hurry) =>
        await new Termination(_scanner, _processes, _child, _time).RunAsync(SignalNames.Terminate, grace, hurry);

    /// <inheritdoc/>
    public void OnReady(EpollEvents events) => ReadTurn();

    /// <summary>Begins to read and to wait for the end. Loop's thread.</summary>
    internal void Watch(EpollLoop loop)
    {
        _loop = loop;
        _pipeToken = loop.Register(_pipe.ReadEnd, EpollEvents.Readable, this);
        new EndWatch(this).Begin();
    }

    private void ReadTurn()
    {
        byte[] buffer = Sessions.Session.ReceiveBuffer(ReadSize);
        for (int i = 0; i < ReadsPerTurn && !_pipeEnded; i++)
        {
            int count = _pipe.Read(buffer.AsSpan(0, Math.Min(ReadSize, buffer.Length)));
            if (count == IoResult.WouldBlock) return;
            if (count == IoResult.End)
            {
                _pipeEnded = true;
                _loop!.Unregister(_pipeToken);
                _pipe.Dispose();
                return;
            }

            _output(buffer.AsSpan(0, count));
        }
    }

    private void OnEnded()
    {
        ReadTurn();
        _ended.SetResult(_child.Reap());
        _child.Dispose();
    }

    private sealed class EndWatch(StartedProcess process) : IEpollHandler
    {
        private EpollToken _token;

        public void OnReady(EpollEvents events)
        {
            process._loop!.Unregister(_token);
            process.OnEnded();
        }

        internal void Begin() => _token = process._loop!.Register(process._child.PidFd, EpollEvents.Readable, this);
    }
}
