using System.Threading.Channels;
using Sessiond.Holder;

namespace Sessiond.Daemon.Logs;

/// <summary>The log files of all sessions and the one thread that writes them.</summary>
internal sealed class SessionLogs : IDisposable
{
    private readonly Channel<SessionLog> _work = Channel.CreateUnbounded<SessionLog>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string? _folder;
    private readonly long _maxSize;
    private readonly Thread _writer;

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

    /// <summary>The log of a new session.</summary>
    internal SessionLog Open(string name, Journal journal) =>
        new(_folder is null ? null : Path.Combine(_folder, name), journal, _maxSize, log => _work.Writer.TryWrite(log));

    /// <summary>Writes what is left and ends the writer.</summary>
    public void Dispose()
    {
        _work.Writer.TryComplete();
        _writer.Join();
    }

    private void Write()
    {
        try
        {
            while (true)
            {
                while (_work.Reader.TryRead(out SessionLog? log)) log.WriteNews();
                // A thread of its own may block: it does nothing else.
#pragma warning disable VSTHRD002 // https://github.com/microsoft/vs-threading/blob/main/doc/analyzers/VSTHRD002.md
                if (!_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult()) return;
#pragma warning restore VSTHRD002
            }
        }
        catch (Exception exception)
        {
            Environment.FailFast("the log writer cannot go on", exception);
        }
    }
}
