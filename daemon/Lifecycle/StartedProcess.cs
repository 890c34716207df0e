using Sessiond.Holder;
using Sessiond.Hooks;
using Sessiond.Pty;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>A process of the holder's with its output in a pipe. Its end is that of the process; the pipe is read until its last writer is gone.</summary>
internal sealed class StartedProcess : IStartedProcess, IEpollHandler
{
    /// <summary>Bytes of one read: what a pipe holds, pipe(7).</summary>
    private const int ReadSize = 64 * 1024;

    /// <summary>Reads of one turn, and of what is left at the end: a background process that floods holds up neither the loop nor the end.</summary>
    private const int ReadsPerTurn = 2;

    private readonly HeldRun? _run;
    private readonly OutputPipe _pipe;
    private readonly Action<ReadOnlySpan<byte>> _output;
    private readonly ProcessScanner _scanner;
    private readonly SessionProcesses _processes;
    private readonly TimeProvider _time;
    private readonly Action _forget;
    private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<EpollLoop> _watched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EpollLoop? _loop;
    private EpollToken _pipeToken;
    private bool _pipeEnded; // loop's thread
    private bool _isQuiet; // loop's thread
    private bool _isReleased; // loop's thread
    private bool _isForgotten; // loop's thread

    /// <summary>Makes the follower of a process.</summary>
    /// <param name="run">The process; null: it has ended, and only what it left in the background prints.</param>
    /// <param name="pipe">Its output.</param>
    /// <param name="processes">Finds it, and what it started.</param>
    /// <param name="output">Takes the output.</param>
    /// <param name="scanner">Looks at the process table.</param>
    /// <param name="time">Measures the grace.</param>
    /// <param name="forget">Tells the holder that nothing of it is needed any more.</param>
    internal StartedProcess(
        HeldRun? run, OutputPipe pipe, SessionProcesses processes, Action<ReadOnlySpan<byte>> output, ProcessScanner scanner, TimeProvider time, Action forget)
    {
        _run = run;
        _pipe = pipe;
        _output = output;
        _scanner = scanner;
        _time = time;
        _forget = forget;
        _processes = processes;
        if (run is null) _ended.SetResult(default);
    }

    /// <inheritdoc/>
    public int Pid => _run?.Pid ?? -1;

    /// <inheritdoc/>
    public Task<ExitStatus> Ended => _ended.Task;

    /// <inheritdoc/>
    public async Task EndAsync(TimeSpan grace, CancellationToken hurry) =>
        await new Termination(_scanner, _processes, _run is null ? null : _run.SignalGroup, _time).RunAsync(SignalNames.Terminate, grace, hurry);

    /// <inheritdoc/>
    public void Release() => _ = ReleaseAsync();

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        ReadTurn();
        ForgetIfOver();
    }

    /// <summary>Calls back, on the loop, when nobody can print any more.</summary>
    internal Action<StartedProcess> OnPipeEnded { get; init; } = static _ => { };

    /// <summary>Begins to read, unless that is left to somebody else, and to wait for the end. Loop's thread.</summary>
    internal void Watch(EpollLoop loop, bool isQuiet)
    {
        _loop = loop;
        _isQuiet = isQuiet;
        if (!isQuiet) _pipeToken = loop.Register(_pipe.ReadEnd, EpollEvents.Readable, this);
        _run?.WhenEnded(status => loop.Post(() =>
        {
            ReadTurn();
            _ended.TrySetResult(status);
            ForgetIfOver();
        }));
        _watched.SetResult(loop);
    }

    /// <summary>Leaves what is printed to somebody else, who may take our place; or goes on reading. Loop's thread.</summary>
    internal void SetQuiet(bool isQuiet)
    {
        if (_pipeEnded || _isQuiet == isQuiet) return;
        _isQuiet = isQuiet;
        if (isQuiet) _loop!.Unregister(_pipeToken);
        else _pipeToken = _loop!.Register(_pipe.ReadEnd, EpollEvents.Readable, this);
    }

    private async Task ReleaseAsync()
    {
        EpollLoop loop = await _watched.Task;
        loop.Post(() =>
        {
            _isReleased = true;
            ForgetIfOver();
        });
    }

    private void ReadTurn()
    {
        byte[] buffer = Sessions.Session.ReceiveBuffer(ReadSize);
        for (int i = 0; i < ReadsPerTurn && !_pipeEnded && !_isQuiet; i++)
        {
            int count = _pipe.Read(buffer.AsSpan(0, Math.Min(ReadSize, buffer.Length)));
            if (count == IoResult.WouldBlock) return;
            if (count == IoResult.End)
            {
                _pipeEnded = true;
                _loop!.Unregister(_pipeToken);
                _pipe.Dispose();
                OnPipeEnded(this);
                return;
            }

            _output(buffer.AsSpan(0, count));
        }
    }

    /// <summary>As long as somebody writes into the pipe, the holder keeps it for the next daemon.</summary>
    private void ForgetIfOver()
    {
        if (_isForgotten || !_isReleased || !_pipeEnded || !_ended.Task.IsCompleted) return;
        _isForgotten = true;
        _forget();
    }
}
