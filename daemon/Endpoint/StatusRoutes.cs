using System.Text;
using Microsoft.AspNetCore.Http;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Events;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>/v1/status and /v1/events.</summary>
internal sealed class StatusRoutes(Func<StatusObject> status, EventHub events, CancellationToken stopping)
{
    /// <summary>Seconds between comments that keep an idle event stream alive through proxies.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    internal IEnumerable<Route> Routes() =>
    [
        new("GET", "/v1/status", Scope.Observe, exchange => exchange.WriteJsonAsync(status(), ApiJsonContext.Default.StatusObject)),
        new("GET", "/v1/events", Scope.Observe, EventsAsync),
    ];

    private async Task EventsAsync(Exchange exchange)
    {
        HttpResponse response = exchange.Http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        bool resumes = long.TryParse(exchange.Http.Request.Headers["Last-Event-ID"], out long last);
        if (!resumes) last = events.LastId;
        await response.WriteAsync($": sessiond\n\n", exchange.Aborted);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, stopping);
        try
        {
            await FollowAsync(exchange, last, ends.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The daemon ends, and with it the stream: nothing that failed.
        }
    }

    private async Task FollowAsync(Exchange exchange, long last, CancellationToken ends)
    {
        HttpResponse response = exchange.Http.Response;
        while (!ends.IsCancellationRequested)
        {
            (IReadOnlyList<DaemonEvent> batch, Task news) = events.After(last, out bool isTooOld);
            if (isTooOld)
            {
                last = events.LastId;
                await response.WriteAsync($"id: {last}\nevent: {EventNames.Reset}\ndata: {{}}\n\n", ends);
            }

            foreach (DaemonEvent item in batch)
            {
                last = item.Id;
                if (!exchange.Identity.MaySee(item.Owner)) continue;
                await response.WriteAsync($"id: {item.Id}\nevent: {item.Name}\ndata: {Encoding.UTF8.GetString(item.Data)}\n\n", ends);
            }

            await response.Body.FlushAsync(ends);
            if (!isTooOld && batch.Count == 0 && !await WaitAsync(news, ends)) await response.WriteAsync(": \n\n", ends);
        }
    }

    /// <summary>True on news, false when it is time for a sign of life.</summary>
    private static async Task<bool> WaitAsync(Task news, CancellationToken cancellation)
    {
        try
        {
            await news.WaitAsync(KeepAlive, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
