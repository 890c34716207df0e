using System.Collections.Concurrent;
using Sessiond.Holder;
using Sessiond.Hooks.Secrets;
using Sessiond.Spec;

namespace Sessiond.Daemon.Logs;

/// <summary>The log files of all sessions and the one thread that writes them.</summary>
internal sealed class SessionLogs : IDisposable
{
    private readonly ConcurrentQueue<SessionLog> _work = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _flushes = new();
    private readonly ConcurrentDictionary<SessionLog, bool> _open = new();

    /// <summary>A kernel-backed event: waiting for a task or a slim lock spins first, which takes the core from whoever prints.</summary>
    private readonly AutoResetEvent _wake = new(false);

    /// <summary>Milliseconds between two tries on a disk that fails.</summary>
    private const int RetryInterval = 1000;

    /// <summary>Milliseconds that the index of times may be behind its log on disk.</summary>
    private const int MarksInterval = 5000;

    private readonly string? _folder;
    private readonly LogsSpec _spec;
    private readonly Action<string?, long> _report;
    private readonly HashSet<SessionLog> _failing = []; // writer's thread
    private readonly HashSet<SessionLog> _owing = []; // writer's thread: whose index of times is behind
    private long _marksDue; // writer's thread
    private long _lost; // writer's thread
    private long _nextTry; // writer's thread
    private readonly Thread _writer;
    private volatile bool _isStopping;
    private volatile bool _isOver;
    private readonly TaskCompletionSource _maskIsKnown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SecretMask _mask = SecretMask.None;

    /// <summary>Starts the writer.</summary>
    /// <param name="folder">Where the files go; null: nowhere (nothing is writable), the ring is all there is.</param>
    /// <param name="spec">How much is kept.</param>
    /// <param name="report">Told, on the writer's thread, what is wrong with the disk, and with null that it is over, with the bytes that no log will ever have.</param>
    /// <param name="waitsForMask">Programs run that know secrets which nobody here does: nothing is written before <see cref="KnowMask"/>.</param>
    internal SessionLogs(string? folder, LogsSpec spec, Action<string?, long> report, bool waitsForMask = false)
    {
        if (!waitsForMask) _maskIsKnown.SetResult();
        _folder = folder;
        _spec = spec;
        _report = report;
        _writer = new Thread(Write) { Name = "log-writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>What is covered in all logs.</summary>
    internal SecretMask Mask
    {
        get => _mask;
        set => _mask = value;
    }

    /// <summary>Completes when the mask has what programs of a daemon before us know.</summary>
    internal Task MaskIsKnown => _maskIsKnown.Task;

    /// <summary>The mask has what can be had. Any thread.</summary>
    internal void KnowMask()
    {
        _maskIsKnown.TrySetResult();
        if (!_isStopping) _wake.Set();
    }

    /// <summary>The log of a new session.</summary>
    internal SessionLog Open(string name, Journal journal) =>
        Open(_folder is null ? null : new LogFiles(Path.Combine(_folder, name), _spec.MaxSize, _spec.Keep, journal.Epoch), journal);

    /// <summary>
    /// Completes when everything that these logs have now is with the kernel, but for what may be a secret or its beginning: that is in the ring, and for whoever adopts it.
    /// </summary>
    internal Task FlushAsync(IEnumerable<SessionLog> logs)
    {
        if (_folder is null) return Task.CompletedTask;
        foreach (SessionLog log in logs) log.Enqueue();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Enqueue(done);
        _wake.Set();
        return done.Task;
    }

    /// <summary>The log of a hook: one for all of its runs.</summary>
    internal SessionLog OpenHook(string name, Journal journal) =>
        Open(FolderOfHook(name) is { } folder ? new LogFiles(folder, _spec.MaxSize) : null, journal);

    /// <summary>The offset after the last byte that earlier daemons kept of a hook.</summary>
    internal long EndOfHook(string name)
    {
        if (FolderOfHook(name) is not { } folder) return 0;
        try
        {
            return LogFiles.End(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>
    /// No session goes on, here or with another daemon: what was printed last, and still waits for its moment or for the rest of a secret, is written when the writer ends.
    /// </summary>
    internal void Finish() => _isOver = true;

    /// <summary>Writes what is left and ends the writer.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        _writer.Join();
        _wake.Dispose();
    }

    private SessionLog Open(LogFiles? files, Journal journal)
    {
        var log = new SessionLog(files, journal, Enqueue, () => Mask) { MaskIsKnown = MaskIsKnown };
        _open[log] = true;
        return log;
    }

    private string? FolderOfHook(string name) => _folder is null ? null : Path.Combine(Path.GetDirectoryName(_folder)!, "hooks", name);

    private void Enqueue(SessionLog log)
    {
        if (_isStopping) return;
        _work.Enqueue(log);
        _wake.Set();
    }

    private void Write()
    {
        try
        {
            while (true)
            {
                bool isLast = _isStopping;
                // Counted first: what asks for a flush has put its logs into the queue before.
                int flushes = _flushes.Count;
                // What nobody will adopt is written all the same.
                if (MaskIsKnown.IsCompleted || (isLast && _isOver)) WriteAll(isLast, flushes > 0);
                while (flushes-- > 0 && _flushes.TryDequeue(out TaskCompletionSource? flush)) flush.SetResult();
                if (isLast) return;
                _wake.WaitOne(_failing.Count > 0 ? RetryInterval : _owing.Count > 0 ? MarksInterval : Timeout.Infinite);
            }
        }
        catch (Exception exception)
        {
            Environment.FailFast("the log writer cannot go on", exception);
        }
    }

    private void WriteAll(bool isLast, bool isFlush)
    {
        bool triesAgain = isLast || isFlush || Environment.TickCount64 >= _nextTry;
        while (_work.TryDequeue(out SessionLog? log))
        {
            if (!_failing.Contains(log)) Write(log, isLast);
        }

        foreach (SessionLog log in isLast && _isOver ? _open.Keys : []) Write(log, isLast);
        if (triesAgain) TryAgain(isLast);
        if (isLast || isFlush || Environment.TickCount64 >= _marksDue) SaveMarks();
    }

    private void SaveMarks()
    {
        foreach (SessionLog log in _owing) log.SaveMarks();
        _owing.Clear();
        _marksDue = Environment.TickCount64 + MarksInterval;
    }

    /// <summary>A disk that fails is asked now and then, and not for each line that somebody prints.</summary>
    private void TryAgain(bool isLast)
    {
        foreach (SessionLog log in _failing.ToArray()) Write(log, isLast);
        _nextTry = Environment.TickCount64 + RetryInterval;
    }

    private void Write(SessionLog log, bool isLast)
    {
        if (log.IsDeleted) _open.TryRemove(log, out _);
        string? problem = log.WriteNews(isLast);
        if (log.OwesMarks) _owing.Add(log);
        _lost += log.TakeLost();
        if (problem is not null)
        {
            if (_failing.Add(log) && _failing.Count == 1) _report(problem, 0);
        }
        else if (_failing.Remove(log) && _failing.Count == 0)
        {
            _report(null, _lost);
            _lost = 0;
        }
    }
}
