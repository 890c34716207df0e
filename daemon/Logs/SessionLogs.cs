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

    /// <summary>A kernel-backed event: waiting for a task or a slim lock spins first, which takes the core from whoever prints.</summary>
    private readonly AutoResetEvent _wake = new(false);

    /// <summary>Milliseconds between two tries on a disk that fails.</summary>
    private const int RetryInterval = 1000;

    private readonly string? _folder;
    private readonly LogsSpec _spec;
    private readonly Action<string?, long> _report;
    private readonly HashSet<SessionLog> _failing = []; // writer's thread
    private long _lost; // writer's thread
    private long _nextTry; // writer's thread
    private readonly Thread _writer;
    private volatile bool _isStopping;
    private volatile SecretMask _mask = SecretMask.None;

    /// <summary>Starts the writer.</summary>
    /// <param name="folder">Where the files go; null: nowhere (nothing is writable), the ring is all there is.</param>
    /// <param name="spec">How much is kept.</param>
    /// <param name="report">Told, on the writer's thread, what is wrong with the disk, and with null that it is over, with the bytes that no log will ever have.</param>
    internal SessionLogs(string? folder, LogsSpec spec, Action<string?, long> report)
    {
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

    /// <summary>The log of a new session.</summary>
    internal SessionLog Open(string name, Journal journal) =>
        new(_folder is null ? null : new LogFiles(Path.Combine(_folder, name), _spec.MaxSize, _spec.Keep, journal.Epoch), journal, Enqueue, () => Mask);

    /// <summary>Completes when everything that these logs have now is with the kernel, but for what may be the beginning of a secret: that is in the ring.</summary>
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
        new(FolderOfHook(name) is { } folder ? new LogFiles(folder, _spec.MaxSize) : null, journal, Enqueue, () => Mask);

    /// <summary>The last bytes that an earlier daemon kept of a hook.</summary>
    internal byte[] TailOfHook(string name, int length)
    {
        if (FolderOfHook(name) is not { } folder) return [];
        try
        {
            return LogFiles.Tail(folder, length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Writes what is left and ends the writer.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        _writer.Join();
        _wake.Dispose();
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
                bool triesAgain = isLast || flushes > 0 || Environment.TickCount64 >= _nextTry;
                while (_work.TryDequeue(out SessionLog? log))
                {
                    if (!_failing.Contains(log)) Write(log, isLast);
                }

                if (triesAgain) TryAgain(isLast);
                while (flushes-- > 0 && _flushes.TryDequeue(out TaskCompletionSource? flush)) flush.SetResult();
                if (isLast) return;
                _wake.WaitOne(_failing.Count > 0 ? RetryInterval : Timeout.Infinite);
            }
        }
        catch (Exception exception)
        {
            Environment.FailFast("the log writer cannot go on", exception);
        }
    }

    /// <summary>A disk that fails is asked now and then, and not for each line that somebody prints.</summary>
    private void TryAgain(bool isLast)
    {
        foreach (SessionLog log in _failing.ToArray()) Write(log, isLast);
        _nextTry = Environment.TickCount64 + RetryInterval;
    }

    private void Write(SessionLog log, bool isLast)
    {
        string? problem = log.WriteNews(isLast);
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
