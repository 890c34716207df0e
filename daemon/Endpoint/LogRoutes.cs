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
        LogFormat form = FormatOf(exchange, log.ReadMarks);
        long since = Number(exchange, "since", "since is an offset in bytes, 0 or more");
        bool follows = exchange.Query("follow") is "1" or "true";
        await log.MaskIsKnown.WaitAsync(exchange.Aborted);
        Begin(exchange, form);
        await SendAsync(exchange, log, journal, since, form, follows);
    }

    private Task LogsAsync(Exchange exchange)
    {
        Session session = SessionRoutes.Find(sessions, exchange);
        long run = Number(exchange, "run", "run is a number: 0 for this life of the devbox, 1 for the one before it, and so on");
        if (run > 0) return SendEarlierAsync(exchange, session, run);
        return AnswerAsync(exchange, session.Log, session.Journal);
    }

    private static LogFormat FormatOf(Exchange exchange, Func<IReadOnlyList<LogMark>> readMarks)
    {
        string format = exchange.Query("format") ?? "text";
        return LogFormat.Find(format, readMarks) ?? throw new RequestException(422, "bad format", $"{format} is none of {LogFormat.Names}");
    }

    private static long Number(Exchange exchange, string key, string rule)
    {
        if (exchange.Query(key) is not { } text) return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw new RequestException(422, $"bad {key}", rule);
    }

    private static void Begin(Exchange exchange, LogFormat form)
    {
        exchange.Http.Response.ContentType = form.ContentType;
        exchange.Http.Response.Headers.XContentTypeOptions = "nosniff";
    }

    /// <summary>What a session printed before the devbox was started again.</summary>
    private static async Task SendEarlierAsync(Exchange exchange, Session session, long run)
    {
        string folder = (run <= int.MaxValue ? session.Log.EarlierFolder((int)run) : null)
            ?? throw new RequestException(404, "no such run", $"of session {session.Name} no log of {run} lives ago is kept");
        var log = new EarlierLog(folder);
        LogFormat form = FormatOf(exchange, log.ReadMarks);
        long position = Number(exchange, "since", "since is an offset in bytes, 0 or more");
        Begin(exchange, form);
        byte[] buffer = new byte[ReadSize];
        var output = new ArrayBufferWriter<byte>(ReadSize);
        while (true)
        {
            int count = log.Read(position, buffer, out long offset);
            if (count > 0 && offset > position) form.WriteCut(position, offset, output);
            if (count > 0) form.Write(offset, buffer.AsSpan(0, count), output);
            else form.Flush(output);
            if (output.WrittenCount > 0) await exchange.Http.Response.Body.WriteAsync(output.WrittenMemory, exchange.Aborted);
            if (count == 0) return;
            output.ResetWrittenCount();
            position = offset + count;
        }
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
