using Sessiond.Daemon.Events;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>The way of an output byte: journal, engine, attachments.</summary>
internal sealed partial class Session
{
    /// <summary>Milliseconds between two session.output events of one session.</summary>
    private const int OutputEventInterval = 1000;

    /// <summary>Milliseconds that output may wait for its place on disk, at most.</summary>
    private const int LogDelay = 100;

    private readonly TerminalHost _host;
    private readonly RestPoints _restPoints = new(); // loop's thread
    private readonly FoundRests _foundRests = new(); // loop's thread
    private long _scannedBytes; // loop's thread writes
    private long _fed; // loop's thread
    private long _published; // loop's thread writes, under the gate
    private int _feedBlocked; // 1 while the engine is in use elsewhere and output waits for it
    private long _lastOutput = Environment.TickCount64; // loop's thread writes
    private long _lastOutputEvent; // loop's thread
    private bool _logScheduled; // loop's thread
    private long _lastFeed; // loop's thread
    private long _markedAt; // loop's thread
    private long _markedSize; // loop's thread
    private string? _titleOverride;

    /// <summary>Everything below may be sent. Loop's thread.</summary>
    internal long PublishedOffset => _published;

    /// <summary>The lowest offset that an attachment may go on from.</summary>
    internal long OldestOffset => Math.Max(_journal.Oldest, _rangesFrom);

    /// <summary>Milliseconds since the program printed something. Any thread.</summary>
    internal long QuietFor => Environment.TickCount64 - Volatile.Read(ref _lastOutput);

    /// <summary>True while output waits for the engine.</summary>
    internal bool IsFeedBlocked => Volatile.Read(ref _feedBlocked) != 0;

    /// <summary>Where a message that begins at a position and should not exceed a length may end. Loop's thread.</summary>
    internal long RestAfter(long position, int length) => _restPoints.After(position, length);

    /// <summary>
    /// As <see cref="RestAfter"/>, but looks for a place between two points where these are further apart than the length. What one client's turn finds is every
    /// other's as well: a crowd that watches a flood costs the parsing of one. Loop's thread.
    /// </summary>
    internal long RestWithin(long position, int length)
    {
        long rest = RestAfter(position, length);
        if (rest - position <= length) return rest;
        if (_foundRests.LastWithin(position, length) is { } found) return found;
        int within = RestScan.LastRest(_journal.Read(position, length));
        Volatile.Write(ref _scannedBytes, _scannedBytes + length);
        if (within <= 0) return rest;
        _foundRests.Add(position + within, OldestOffset);
        return position + within;
    }

    /// <summary>Bytes that were parsed once more to find where a message may end: at most about once each, however many watch. Any thread.</summary>
    internal long ScannedBytes => Volatile.Read(ref _scannedBytes);

    internal ReadOnlySpan<byte> ReadJournal(long offset, int length) => _journal.Read(offset, length);

    /// <summary>New bytes are in the journal. Loop's thread.</summary>
    internal void OnOutput(int count)
    {
        if (count > 0)
        {
            TouchByOutput();
            _lastOutput = Environment.TickCount64;
        }

        // What could not be fed in the middle of the turn is fed by ResumeFeed, which turns reading on again; to try here once more could forestall that.
        if (IsFeedBlocked || !TryFeedAndSend()) return;
        ChooseLoop(count);
    }

    /// <summary>Feeds what the journal has and sends it on.</summary>
    private bool TryFeedAndSend()
    {
        if (!TryFeed()) return false;
        AfterFeed();
        return true;
    }

    /// <summary>
    /// Feeds what the journal has. When the engine is in use elsewhere (a snapshot of a long scrollback takes milliseconds) this does not wait,
    /// since the loop has others to serve: reading pauses, and <see cref="GateScope"/> resumes it.
    /// </summary>
    internal bool TryFeed()
    {
        // The flag goes up before the try and whoever leaves the gate looks at it after: one of the two sees the other.
        Interlocked.Exchange(ref _feedBlocked, 1);
        if (!_gate.TryEnter())
        {
            _program?.UpdateWatch();
            return false;
        }

        try
        {
            Volatile.Write(ref _feedBlocked, 0);
            FeedUnderGate();
        }
        finally
        {
            _gate.Exit();
        }

        return true;
    }

    private void FeedUnderGate()
    {
        long written = _journal.Written;
        if (_fed < written) MarkTime();
        _terminal.ForegroundGroup = _foregroundGroup;
        if (_fed < written) _terminal.Feed(_journal.Read(_fed, (int)(written - _fed)));
        _fed = written;
        _published = _terminal.PublishOffset;
        _restPoints.Add(_published, OldestOffset);
        TrimRanges();
        _lastFeed = Environment.TickCount64;
        if (_fed - _journal.Covered >= UrgentCheckpointBytes) CheckpointUnderGate();
    }

    /// <summary>For the log's index; the clock is read seldom.</summary>
    private void MarkTime()
    {
        long ticks = Environment.TickCount64;
        if (ticks - _markedAt < Logs.LogMarks.Interval && _markedSize == _sizeSequence) return;
        (_markedAt, _markedSize) = (ticks, _sizeSequence);
        _log.Mark(_fed, _services.Time.GetUtcNow().ToUnixTimeMilliseconds(), _terminal.Columns, _terminal.Rows);
    }

    private void AfterFeed()
    {
        WakeLog();
        _host.Flush();
        CheckpointSoon();
        PumpSome();
        long now = Environment.TickCount64;
        if (now - _lastOutputEvent < OutputEventInterval) return;
        _lastOutputEvent = now;
        _services.Events.Publish(EventNames.SessionOutput, this);
    }

    /// <summary>Wakes the log's writer, but not for each key that is echoed: a thread that wakes then is a thread that the echo waits for.</summary>
    private void WakeLog()
    {
        _log.Wake();
        if (_log.IsUrgent)
        {
            _log.Enqueue();
        }
        else if (!_logScheduled)
        {
            _logScheduled = true;
            // All sessions' at the same moments: a thousand that print a line now and then wake the writer as often as one.
            Schedule(LogDelay - (Environment.TickCount64 % LogDelay), () =>
            {
                _logScheduled = false;
                _log.Enqueue();
            });
        }
    }

    /// <summary>Uses the engine.</summary>
    private void WithTerminal(Action<Terminal> action)
    {
        using (Enter()) action(_terminal);
    }

    /// <summary>Enters the gate; whoever leaves it lets output go on that came meanwhile. Any thread, and the only way in but <see cref="TryFeed"/>'s.</summary>
    private GateScope Enter()
    {
        _gate.Enter();
        return new GateScope(this);
    }

    private void ResumeFeed()
    {
        if (!TryFeedAndSend()) return;
        _program?.UpdateWatch();
    }

    private readonly ref struct GateScope(Session session)
    {
        public void Dispose()
        {
            session._gate.Exit();
            Interlocked.MemoryBarrier();
            if (session.IsFeedBlocked) session.Post(session.ResumeFeed);
        }
    }
}
