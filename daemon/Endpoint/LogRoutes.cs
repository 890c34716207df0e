using System.Buffers;
using System.Globalization;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Logs;
using Sessiond.Daemon.Sessions;
using Sessiond.Holder;
using Sessiond.Vt;

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
        if (format is not ("text" or "raw")) throw new RequestException(422, "bad format", $"{format} is none of text, raw");
        long since = 0;
        if (exchange.Query("since") is { } text && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out since) || since < 0))
        {
            throw new RequestException(422, "bad offset", "since is an offset in bytes, 0 or more");
        }

        bool follows = exchange.Query("follow") is "1" or "true";
        exchange.Http.Response.ContentType = format == "raw" ? "application/octet-stream" : "text/plain; charset=utf-8";
        exchange.Http.Response.Headers.XContentTypeOptions = "nosniff";
        await SendAsync(exchange, log, journal, since, format == "text" ? new PlainText() : null, follows);
    }

    private Task LogsAsync(Exchange exchange)
    {
        Session session = SessionRoutes.Find(sessions, exchange);
        return AnswerAsync(exchange, session.Log, session.Journal);
    }

    private static async Task SendAsync(Exchange exchange, SessionLog log, Journal journal, long position, PlainText? filter, bool follows)
    {
        long end = journal.Written;
        byte[] buffer = new byte[ReadSize];
        var output = new ArrayBufferWriter<byte>(ReadSize);
        Stream body = exchange.Http.Response.Body;
        while (true)
        {
            int count = log.Read(position, buffer, out long offset);
            if (count > 0)
            {
                if (offset > position) Append(CutMark(position, offset), filter, output);
                Append(buffer.AsSpan(0, count), filter, output);
                position = offset + count;
            }

            bool isAtEnd = count == 0 || (!follows && position >= end);
            if (isAtEnd && !follows) filter?.Flush(output);
            if (output.WrittenCount > 0)
            {
                await body.WriteAsync(output.WrittenMemory, exchange.Aborted);
                output.ResetWrittenCount();
            }

            if (!isAtEnd) continue;
            if (!follows || log.IsDeleted) return;
            await body.FlushAsync(exchange.Aborted);
            await log.MoreThan(position).WaitAsync(exchange.Aborted);
        }
    }

    private static void Append(ReadOnlySpan<byte> bytes, PlainText? filter, ArrayBufferWriter<byte> output)
    {
        if (filter is null) output.Write(bytes);
        else filter.Write(bytes, output);
    }

    private static byte[] CutMark(long from, long to) =>
        System.Text.Encoding.ASCII.GetBytes($"\r\n[sessiond: bytes {from} to {to} were not kept]\r\n");
}
