using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sessiond.Daemon.Startup;

/// <summary>
/// Writes log lines to a stream, each in one write, on a thread of its own: whoever reads the log and stops, or a disk that hangs, holds up no terminal. What it does not take is
/// skipped and counted.
/// </summary>
internal sealed class LineLoggerProvider : ILoggerProvider
{
    /// <summary>Bytes of lines that wait to be written: thousands of them, for a reader who pauses.</summary>
    internal const int MaxWaiting = 1 << 20;

    /// <summary>How long the end waits for the last lines.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly Stream _output;
    private readonly bool _isJson;
    private readonly TimeProvider _time;
    private readonly Thread _writer;
    private readonly BlockingCollection<byte[]> _lines = [];
    private readonly Lock _gate = new(); // guards what goes into the queue, and the two below
    private int _waiting; // bytes
    private long _skipped; // lines since the last one that was taken

    /// <summary>Begins to write.</summary>
    /// <param name="output">Where to; disposed with this.</param>
    /// <param name="isJson">An object a line, else text.</param>
    /// <param name="time">Gives each its time.</param>
    internal LineLoggerProvider(Stream output, bool isJson, TimeProvider time)
    {
        _output = output;
        _isJson = isJson;
        _time = time;
        _writer = new Thread(Run) { Name = "log", IsBackground = true };
        _writer.Start();
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_lines.IsAddingCompleted) return;
            if (_skipped > 0) AddSkipped();
            _lines.CompleteAdding();
        }

        // A writer that hangs has what it writes with for itself, and ends with the process.
        if (!_writer.Join(EndPatience)) return;
        _output.Dispose();
        _lines.Dispose();
    }

    /// <summary>Never blocks. Any thread.</summary>
    private void Write(LogLevel level, EventId id, string message, Exception? exception)
    {
        byte[] line = Line(level, id, message, exception);
        lock (_gate)
        {
            if (_lines.IsAddingCompleted) return;
            if (_waiting > 0 && _waiting + line.Length > MaxWaiting)
            {
                _skipped++;
                return;
            }

            if (_skipped > 0) AddSkipped();
            Add(line);
        }
    }

    private void AddSkipped()
    {
        Add(Line(LogLevel.Warning, default, $"{_skipped} lines were skipped here: nobody took the log", null));
        _skipped = 0;
    }

    private void Add(byte[] line)
    {
        _waiting += line.Length;
        _lines.Add(line);
    }

    private void Run()
    {
        foreach (byte[] line in _lines.GetConsumingEnumerable())
        {
            try
            {
                _output.Write(line);
            }
            catch (IOException)
            {
                // Whoever read the log is gone; the sessions are not.
            }

            lock (_gate) _waiting -= line.Length;
        }
    }

    private byte[] Line(LogLevel level, EventId id, string message, Exception? exception) =>
        _isJson ? Json(level, id, message, exception) : Text(level, message, exception);

    private byte[] Text(LogLevel level, string message, Exception? exception)
    {
        string word = level switch
        {
            LogLevel.Critical or LogLevel.Error => "error",
            LogLevel.Warning => "warn",
            LogLevel.Information => "info",
            _ => "debug",
        };
        string tail = exception is null ? "" : $" {exception}";
        return Encoding.UTF8.GetBytes($"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {word} {message}{tail}\n");
    }

    private byte[] Json(LogLevel level, EventId id, string message, Exception? exception)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("at", _time.GetUtcNow());
            writer.WriteString("level", level.ToString().ToLowerInvariant());
            writer.WriteNumber("id", id.Id);
            writer.WriteString("message", message);
            if (exception is not null) writer.WriteString("exception", exception.ToString());
            writer.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private sealed class LineLogger(LineLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(logLevel, eventId, formatter(state, exception), exception);
    }
}
