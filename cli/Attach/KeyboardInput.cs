using Sessiond.Pty;

namespace Sessiond.Cli.Attach;

/// <summary>Reads what the user types on a thread of its own and sends it from there, so that a key waits for no other thread.</summary>
internal sealed class KeyboardInput : IDisposable
{
    private const int ReadBytes = 64 * 1024;
    private const int JoinMilliseconds = 100;

    private readonly TtyReader _reader = new(StandardFd.Input);
    private readonly byte[] _typed = new byte[ReadBytes];
    private readonly byte[] _message = new byte[1 + ReadBytes + DetachKeys.MaxHeldBytes];
    private readonly bool _isTerminal;
    private readonly DetachKeys _keys;
    private readonly Func<ReadOnlyMemory<byte>, Task> _send;
    private readonly Action<AttachEnd> _end;
    private readonly Thread _thread;

    /// <param name="isTerminal">False: bytes of a pipe or file, sent as they are.</param>
    /// <param name="key">The detach key.</param>
    /// <param name="send">Sends an input message; its memory is used again when the task ends.</param>
    /// <param name="end">Told when the user detaches or the terminal is gone.</param>
    public KeyboardInput(bool isTerminal, DetachKey? key, Func<ReadOnlyMemory<byte>, Task> send, Action<AttachEnd> end)
    {
        _isTerminal = isTerminal;
        _keys = new DetachKeys(isTerminal ? key : null);
        _send = send;
        _end = end;
        _message[0] = AttachConnection.InputType;
        _thread = new Thread(Run) { Name = "keyboard", IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Stops reading: what is typed from now on is the shell's.</summary>
    public void Stop() => _reader.Wake();

    public void Dispose()
    {
        Stop();

        // A thread that is stuck in a send keeps its fd; the process is about to end.
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted) && _thread.Join(JoinMilliseconds)) _reader.Dispose();
    }

    private void Run()
    {
        try
        {
            while (ProcessInput())
            {
            }
        }
        catch (IOException)
        {
            _end(AttachEnd.Signalled("SIGHUP"));
        }
    }

    private bool ProcessInput()
    {
        bool detach;
        int count;
        switch (_reader.Read(_typed, _keys.TimeoutMilliseconds, out int read))
        {
            case TtyInput.Data:
                detach = _keys.Feed(_typed.AsSpan(0, read), _message.AsSpan(1), out count);
                break;
            case TtyInput.TimedOut:
                detach = _keys.TimeOut(_message.AsSpan(1), out count);
                break;
            case TtyInput.End:
                // A file or pipe has an end, and the output goes on; a terminal that ends has been hung up.
                if (_isTerminal) _end(AttachEnd.Signalled("SIGHUP"));
                return false;
            default:
                return false;
        }

        if (count > 0) WaitFor(_send(_message.AsMemory(0, 1 + count)));
        if (detach) _end(AttachEnd.Detached);
        return !detach;
    }

    // The thread is this class's own and has nothing else to do; mostly the socket took the bytes and the task is done.
    private static void WaitFor(Task sent)
    {
        if (!sent.IsCompleted) ((IAsyncResult)sent).AsyncWaitHandle.WaitOne();
    }
}
