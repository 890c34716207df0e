using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sessiond.Daemon.Startup;

/// <summary>Writes log lines to a stream, each in one write.</summary>
internal sealed class LineLoggerProvider(Stream output, bool isJson, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new(); // guards the output, so that lines stay whole

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    private void Write(LogLevel level, EventId id, string message, Exception? exception)
    {
        byte[] line = isJson ? Json(level, id, message, exception) : Text(level, message, exception);
        lock (_gate)
        {
            try
            {
                output.Write(line);
            }
            catch (IOException)
            {
                // Whoever read the log is gone; the sessions are not.
            }
        }
    }

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
        return Encoding.UTF8.GetBytes($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {word} {message}{tail}\n");
    }

    private byte[] Json(LogLevel level, EventId id, string message, Exception? exception)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("at", time.GetUtcNow());
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
