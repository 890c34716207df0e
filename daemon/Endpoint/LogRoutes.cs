using System.Buffers;
using System.Globalization;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Logs;
using Sessiond.Daemon.Logs.Formats;
using Sessiond.Daemon.Sessions;
using Sessiond.Holder;

namespace Sessiond.Daemon.Endpoint;

/// <summary>GET /v1/sessions/{name}/logs: from disk and ring, live when asked.</summary>
internal sealed class LogRoutes(SessionRegistry sessions)
{
    private const int ReadSize = 64 * 1024;

    internal IEnumerable<Route> Routes() => [new("GET", "/v1/sessions/{name}/logs", Scope.Observe, LogsAsync)];

    /// <summary>Answers with a log in the format, from the offset and for as long as the query asks.</summary>
    internal static async Task AnswerAsync(Exchange exchange, SessionLog log, Journal journal)
    {
        string format = exchange.Query("format") ?? "text";
        LogFormat form = LogFormat.Find(format, log) ?? throw new RequestException(422, "bad format", $"{format} is none of {LogFormat.Names}");
        long since = 0;
        if (exchange.Query("since") is { } text && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out since) || since < 0))
        {
            throw new RequestException(422, "bad offset", "since is an offset in bytes, 0 or more");
        }

        bool follows = exchange.Query("follow") is "1" or "true";
        exchange.Http.Response.ContentType = form.ContentType;
        exchange.Http.Response.Headers.XContentTypeOptions = "nosniff";
        await SendAsync(exchange, log, journal, since, form, follows);
    }

    private Task LogsAsync(Exchange exchange)
    {
        Session session = SessionRoutes.Find(sessions, exchange);
        return AnswerAsync(exchange, session.Log, session.Journal);
    }

    private static async Task SendAsync(Exchange exchange, SessionLog log, Journal journal, long position, LogFormat format, bool follows)
    {
        long end = journal.Written;
        byte[] buffer = new byte[ReadSize];
        var output = new ArrayBufferWriter<byte>(ReadSize);
        Stream body = exchange.Http.Response.Body;
        while (true)
        {
            long seen = journal.Written;
            int count = log.Read(position, buffer, out long offset);
            if (count > 0)
            {
                if (offset > position) format.WriteCut(position, offset, output);
                format.Write(offset, buffer.AsSpan(0, count), output);
                position = offset + count;
            }

            bool isAtEnd = count == 0 || (!follows && position >= end);
            if (isAtEnd && !follows) format.Flush(output);
            if (output.WrittenCount > 0)
            {
                await body.WriteAsync(output.WrittenMemory, exchange.Aborted);
                output.ResetWrittenCount();
            }

            if (!isAtEnd) continue;
            if (!follows || log.IsDeleted) return;
            await body.FlushAsync(exchange.Aborted);
            // What may be the beginning of a secret waits for more than there is.
            await log.MoreThan(Math.Max(position, seen)).WaitAsync(exchange.Aborted);
        }
    }
}
