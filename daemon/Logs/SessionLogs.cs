using System.Collections.Concurrent;
using Sessiond.Holder;
using Sessiond.Hooks.Secrets;

namespace Sessiond.Daemon.Logs;

/// <summary>The log files of all sessions and the one thread that writes them.</summary>
internal sealed class SessionLogs : IDisposable
{
    private readonly ConcurrentQueue<SessionLog> _work = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _flushes = new();

    /// <summary>A kernel-backed event: waiting for a task or a slim lock spins first, which takes the core from whoever prints.</summary>
    private readonly AutoResetEvent _wake = new(false);

    private readonly string? _folder;
    private readonly long _maxSize;
    private readonly Thread _writer;
    private volatile bool _isStopping;
    private volatile SecretMask _mask = SecretMask.None;

    /// <summary>Starts the writer.</summary>
    /// <param name="folder">Where the files go; null: nowhere (nothing is writable), the ring is all there is.</param>
    /// <param name="maxSize">Bytes kept per session.</param>
    internal SessionLogs(string? folder, long maxSize)
    {
        _folder = folder;
        _maxSize = maxSize;
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
        new(_folder is null ? null : Path.Combine(_folder, name), journal, _maxSize, Enqueue, () => Mask);

    /// <summary>Completes when everything that these logs have now is with the kernel.</summary>
    internal Task FlushAsync(IEnumerable<SessionLog> logs)
    {
        if (_folder is null) return Task.CompletedTask;
        foreach (SessionLog log in logs) log.Enqueue();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Enqueue(done);
        _wake.Set();
        return done.Task;
    }

    /// <summary>The log of a hook.</summary>
    internal SessionLog OpenHook(string name, Journal journal) => new(FolderOfHook(name), journal, _maxSize, Enqueue, () => Mask);

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
                while (_work.TryDequeue(out SessionLog? log)) log.WriteNews(isLast || flushes > 0);
                while (flushes-- > 0 && _flushes.TryDequeue(out TaskCompletionSource? flush)) flush.SetResult();
                if (isLast) return;
                _wake.WaitOne();
            }
        }
        catch (Exception exception)
        {
            Environment.FailFast("the log writer cannot go on", exception);
        }
    }
}
