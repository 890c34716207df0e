using System.Diagnostics;
using Sessiond.Holder;
using Sessiond.Pty;

namespace Sessiond.Daemon.Sessions;

/// <summary>One run of a session's program: its pty, its leader, and the input that waits for it.</summary>
/// <remarks>Everything but construction runs on the session's loop.</remarks>
internal sealed class SessionProgram : IEpollHandler
{
    /// <summary>Bytes taken from one pty in a turn: below it a flood pays a wake-up per little, above it the neighbours wait.</summary>
    private const int BytesPerTurn = 128 * 1024;

    /// <summary>A read below this is a person's echo and not a flood (the kernel hands over 4095 bytes at a time): it goes on at once.</summary>
    private const int SmallRead = 2048;

    /// <summary>Microseconds in which the kernel's worker mostly brings more of a flood: about what going to sleep and being woken cost.</summary>
    private const int WorkerTime = 10;

    /// <summary>Iterations between two looks for it, less than a microsecond: each look takes a lock that the worker needs.</summary>
    private const int LookPause = 20;

    /// <summary>Milliseconds to the next try when the kernel calls a full pty writable, which it does for a line longer than the discipline's buffer.</summary>
    private const int WriteRetry = 10;

    private readonly Session _session;
    private readonly PtyMaster _master;
    private readonly HeldRun _run;
    private readonly Journal _journal;
    private readonly InputQueue _input = new();
    private readonly LineLength _line = new();
    private long _lost;
    private EpollLoop? _loop;
    private ExitStatus _status;
    private bool _exitWatched;
    private bool _endWaits;
    private EpollToken _masterToken;
    private bool _watchingMaster;
    private bool _waitsToWrite;
    private bool _retryScheduled;

    internal SessionProgram(Session session, PtyMaster master, HeldRun run, Journal journal, SessionProcesses processes)
    {
        _session = session;
        _master = master;
        _run = run;
        _journal = journal;
        Processes = processes;
    }

    internal int Pid => _run.Pid;

    /// <summary>Names this run among the session's.</summary>
    internal int Tag => _run.Tag;

    /// <summary>Finds every process of this run.</summary>
    internal SessionProcesses Processes { get; }

    /// <summary>True while the program has not taken all of its input.</summary>
    internal bool HasInput => _input.Length > 0;

    /// <summary>Bytes that it has not taken.</summary>
    internal int InputLength => _input.Length;

    /// <summary>Bytes that the input queue takes now.</summary>
    internal int InputRoom => _input.Room;

    /// <summary>The foreground process group of the terminal.</summary>
    internal int ForegroundGroup => _master.ForegroundProcessGroup();

    /// <summary>Watches the pty and the leader on a loop; nothing happens when it does already.</summary>
    internal void Watch(EpollLoop loop)
    {
        if (_watchingMaster) return;
        _loop = loop;
        if (!_master.Fd.IsClosed)
        {
            _masterToken = loop.Register(_master.Fd, MasterEvents, this);
            _watchingMaster = true;
        }

        if (_exitWatched) return;
        _exitWatched = true;
        _run.WhenEnded(status => _session.Post(() => OnLeaderEnded(status)));
    }

    /// <summary>Signals the leader's process group as long as that is nobody else's. Any thread.</summary>
    internal void SignalGroup(int signal) => _run.SignalGroup(signal);

    /// <summary>Stops watching, before a move to another loop.</summary>
    internal void Unwatch() => UnwatchMaster();

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != 0) Flush(fromReadiness: true);
        if ((events & ~EpollEvents.Writable) != 0) Drain();
    }

    /// <summary>Sets the winsize. Any thread.</summary>
    internal void Resize(int columns, int rows, int xpixel, int ypixel)
    {
        if (!_master.Fd.IsClosed) _master.Resize(columns, rows, xpixel, ypixel);
    }

    /// <summary>Takes input; what does not fit into the queue is refused. Returns the bytes taken.</summary>
    internal int Type(ReadOnlySpan<byte> bytes)
    {
        if (TryInterrupt(bytes)) return bytes.Length;
        int taken = Put(bytes, usesReserve: false);
        if (_line.Note(bytes[..taken]) > 0) CountLost();
        return taken;
    }

    /// <summary>Takes what sessiond itself types: answers of the engine, and what was read from a client already. It has room where a client's input has none.</summary>
    internal void TypeReply(ReadOnlySpan<byte> bytes) => Put(bytes, usesReserve: true);

    /// <summary>Input of which the session's client is to be told that the terminal threw it away; counted since the last call.</summary>
    internal long TakeLost()
    {
        long lost = _lost;
        _lost = 0;
        return lost;
    }

    /// <summary>True when the leader has read what was typed and waits for something.</summary>
    internal bool IsAtRest => _input.Length == 0 && !_master.Fd.IsClosed && _master.UnreadInput() == 0 && ProcessTable.IsSleeping(Pid);

    /// <summary>True while the line discipline edits lines.</summary>
    internal bool IsCanonical => !_master.Fd.IsClosed && _master.IsCanonical();

    /// <summary>Releases the pty, here and, once the end is written down, at the holder.</summary>
    internal void Close()
    {
        Unwatch();
        _input.Clear();
        _master.Dispose();
        _run.Release();
    }

    private int Put(ReadOnlySpan<byte> bytes, bool usesReserve)
    {
        int taken = 0;
        if (_input.Length == 0 && !_master.Fd.IsClosed) taken = Math.Max(0, _master.Write(bytes));
        if (taken < bytes.Length)
        {
            taken += _input.Add(bytes[taken..], usesReserve);
            Flush(fromReadiness: false);
        }

        return taken;
    }

    /// <summary>A key that makes a signal does not wait behind input that nobody reads; as in the line discipline, that input is gone (termios(3), ISIG and NOFLSH).</summary>
    /// <param name="keys">One key, once or several times; anything else is none.</param>
    internal bool TryInterrupt(ReadOnlySpan<byte> keys)
    {
        if (_input.Length == 0 || keys.IsEmpty || keys.ContainsAnyExcept(keys[0])) return false;
        if (_master.Fd.IsClosed || _master.SignalOfKey(keys[0]) is not { } signal) return false;
        _input.Clear();
        _line.Reset();
        _master.Interrupt(signal);
        Flush(fromReadiness: false);
        _session.OnInputRoom();
        return true;
    }

    private void CountLost()
    {
        long lost = _line.TakeExcess();
        if (_master.IsCanonical()) _lost += lost;
    }

    private EpollEvents MasterEvents =>
        (_session.IsFeedBlocked || _session.IsQuiet ? EpollEvents.None : EpollEvents.Readable) | (_waitsToWrite ? EpollEvents.Writable : EpollEvents.None);

    /// <summary>Watches again for what is of interest now.</summary>
    internal void UpdateWatch()
    {
        if (_watchingMaster) _loop!.Modify(_masterToken, MasterEvents);
    }

    /// <summary>Reads one turn's worth into the journal and hands it on.</summary>
    private void Drain()
    {
        if (_session.IsFeedBlocked || _session.IsQuiet) return;
        // Whoever reads on at once sleeps until the kernel has brought more, 4 KB at a time (n_tty_read waits for that work): others' output, which is there already, comes first.
        bool hasOthers = _loop!.ReadyCount > 1;
        int total = ReadTurn(hasOthers ? 1 : BytesPerTurn, isFlood: !hasOthers && _session.IsFlooding);
        _session.OnOutput(total);
    }

    /// <summary>Reads until there is nothing left for now, or at least so many bytes.</summary>
    /// <param name="wanted">Bytes.</param>
    /// <param name="isFlood">More will come: the engine is fed while the kernel brings it.</param>
    private int ReadTurn(int wanted, bool isFlood)
    {
        int total = 0;
        while (total < wanted)
        {
            int count = _master.Read(_journal.WriteSpan(Journal.MaxRead));
            if (count == IoResult.WouldBlock) break;
            if (count == IoResult.End)
            {
                // EPOLLHUP cannot be masked: unwatched, it does not turn the loop until the leader ends.
                UnwatchMaster();
                break;
            }

            if (total > 0 || _session.BeforeOutput(this, count) == 0) _journal.Commit(count);
            total += count;
            if (total == count && count < SmallRead) break;
            if (isFlood && total < wanted && !(_session.TryFeed() && AwaitMore())) break;
        }

        return total;
    }

    /// <summary>Waits awake, and for a moment, until there is more to read. Yields, since the kernel's worker may be waiting for this processor.</summary>
    private bool AwaitMore()
    {
        long start = Stopwatch.GetTimestamp();
        while (!_master.HasOutput())
        {
            if (Stopwatch.GetElapsedTime(start).TotalMicroseconds > WorkerTime) return false;
            Thread.Yield();
            Thread.SpinWait(LookPause);
        }

        return true;
    }

    private void Flush(bool fromReadiness)
    {
        bool moved = false;
        while (_input.Length > 0)
        {
            int count = _master.Write(_input.Head);
            if (count == IoResult.End)
            {
                _input.Clear();
                break;
            }

            if (count == IoResult.WouldBlock) break;
            moved = true;
            _input.Take(count);
        }

        bool isStuck = fromReadiness && !moved && _input.Length > 0;
        if (isStuck) ScheduleRetry();
        bool waits = _input.Length > 0 && !_retryScheduled;
        if (waits != _waitsToWrite)
        {
            _waitsToWrite = waits;
            UpdateWatch();
        }

        if (moved) _session.OnInputRoom();
    }

    private void ScheduleRetry()
    {
        if (_retryScheduled) return;
        _retryScheduled = true;
        _session.Schedule(WriteRetry, () =>
        {
            _retryScheduled = false;
            if (!_master.Fd.IsClosed) Flush(fromReadiness: true);
        });
    }

    private void UnwatchMaster()
    {
        if (!_watchingMaster) return;
        _watchingMaster = false;
        _loop!.Unregister(_masterToken);
    }

    /// <summary>The leader ended: what it printed last is still in the pty, then it is over (I12).</summary>
    private void OnLeaderEnded(ExitStatus status)
    {
        _status = status;
        DrainLast();
    }

    /// <summary>Goes on after a stand-still.</summary>
    internal void EndQuiet()
    {
        UpdateWatch();
        if (!_endWaits) return;
        _endWaits = false;
        DrainLast();
    }

    private void DrainLast()
    {
        if (_session.IsQuiet)
        {
            _endWaits = true;
            return;
        }

        if (_session.IsFeedBlocked)
        {
            _session.Schedule(1, DrainLast);
            return;
        }

        int total = ReadTurn(BytesPerTurn, isFlood: false);
        _session.OnOutput(total);
        if (total > 0)
        {
            // A background job that goes on printing cannot hold this up for ever: BytesPerTurn at a time, until a pause.
            _session.Schedule(0, DrainLast);
            return;
        }

        _session.OnProgramEnded(this, _status);
    }
}
