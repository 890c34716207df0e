using Sessiond.Pty;

namespace Sessiond.Cli.Attach;

/// <summary>Reads what the user types on a thread of its own and sends it from there, so that a key waits for no other thread.</summary>
internal sealed class KeyboardInput : IDisposable
{
    private const int ReadBytes = 64 * 1024;
    private const int JoinMilliseconds = 100;

    // How often the keyboard is looked at while the session takes nothing: a person who wants to leave does not notice.
    private const int LookMilliseconds = 50;

    // A terminal that has more of a paste fills what was read within this time.
    private const int PasteMilliseconds = 5;

    // What is typed before the detach key is still sent, if the session takes it within a moment.
    private const int DetachMilliseconds = 200;

    private readonly TtyReader _reader = new(StandardFd.Input);
    private readonly byte[] _typed = new byte[ReadBytes];
    private readonly byte[] _message = new byte[1 + ReadBytes];
    private readonly TypedAhead _ahead = new();
    private readonly bool _isTerminal;
    private readonly bool _hasKey;
    private readonly DetachKeys _keys;
    private readonly Func<ReadOnlyMemory<byte>, Task> _send;
    private readonly Action<AttachEnd> _end;
    private readonly Thread _thread;
    private long _typedAt;
    private bool _detaches;

    /// <param name="isTerminal">False: bytes of a pipe or file, sent as they are.</param>
    /// <param name="key">The detach key.</param>
    /// <param name="send">Sends an input message; its memory is used again when the task ends.</param>
    /// <param name="end">Told when the user detaches or the terminal is gone.</param>
    public KeyboardInput(bool isTerminal, DetachKey? key, Func<ReadOnlyMemory<byte>, Task> send, Action<AttachEnd> end)
    {
        _isTerminal = isTerminal;
        _hasKey = isTerminal && key is not null;
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
        if (!Read(_keys.TimeoutMilliseconds, isTimeout: true)) return false;
        while (_ahead.Count > 0)
        {
            int count = _ahead.Take(_message.AsSpan(1));
            if (!WaitFor(_send(_message.AsMemory(0, 1 + count)))) return false;
        }

        if (_detaches) _end(AttachEnd.Detached);
        return !_detaches;
    }

    /// <summary>Reads what is typed within a time; false when nothing more will be.</summary>
    /// <param name="milliseconds">The time; -1 for ever.</param>
    /// <param name="isTimeout">True when nothing in that time ends the detach key's own time.</param>
    private bool Read(int milliseconds, bool isTimeout)
    {
        int count;
        switch (_reader.Read(_typed, milliseconds, out int read))
        {
            case TtyInput.Data:
                _typedAt = Environment.TickCount64;
                _detaches = _keys.Feed(_typed.AsSpan(0, read), _ahead.Reserve(read + DetachKeys.MaxHeldBytes), out count);
                break;
            case TtyInput.TimedOut when !isTimeout:
                return true;
            case TtyInput.TimedOut:
                _detaches = _keys.TimeOut(_ahead.Reserve(DetachKeys.MaxHeldBytes), out count);
                break;
            case TtyInput.End:
                // A file or pipe has an end, and the output goes on; a terminal that ends has been hung up.
                if (_isTerminal) _end(AttachEnd.Signalled("SIGHUP"));
                return false;
            default:
                return false;
        }

        _ahead.Commit(count);
        return true;
    }

    /// <summary>
    /// Waits until a message is sent; mostly the socket took it and the task is done. A program that does not read stops a paste, and must not lock the user in: the keyboard is
    /// read on, for the detach key. False: the attachment is over.
    /// </summary>
    private bool WaitFor(Task sent)
    {
        if (sent.IsCompleted) return true;
        WaitHandle done = ((IAsyncResult)sent).AsyncWaitHandle;
        if (!_hasKey) return done.WaitOne();
        int patience = _detaches ? DetachMilliseconds : LookMilliseconds;
        while (!done.WaitOne(patience))
        {
            if (_detaches)
            {
                _end(AttachEnd.Detached);
                return false;
            }

            int before = _ahead.Count;
            if (!ReadAhead()) return false;
            patience = _detaches ? DetachMilliseconds : _ahead.Count > before ? 0 : LookMilliseconds;
        }

        return true;
    }

    /// <summary>Reads what is typed now; false when nothing more will be.</summary>
    private bool ReadAhead()
    {
        if (_ahead.Count > TypedAhead.MaxBytes - ReadBytes) return true;
        int timeout = _keys.TimeoutMilliseconds;
        return Read(PasteMilliseconds, isTimeout: timeout >= 0 && Environment.TickCount64 - _typedAt >= timeout);
    }
}
