using System.Text.RegularExpressions;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Sessions;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>POST /v1/sessions/{name}/wait.</summary>
internal sealed class WaitRoute(SessionRegistry sessions, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Quiet time where the request names none.</summary>
    private static readonly TimeSpan DefaultIdle = TimeSpan.FromSeconds(1);

    /// <summary>Time that one look for a pattern may take: a pattern that needs more is a trap for whoever waits.</summary>
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);

    /// <summary>Characters of a pattern.</summary>
    private const int MaxPattern = 4096;

    internal Route Route => new("POST", "/v1/sessions/{name}/wait", Scope.Observe, WaitAsync);

    private async Task WaitAsync(Exchange exchange)
    {
        Session session = SessionRoutes.Find(sessions, exchange);
        WaitRequest request = await exchange.ReadJsonAsync(ApiJsonContext.Default.WaitRequest);
        TimeSpan? limit = request.Timeout is null ? null : TimeOf(request.Timeout, "timeout");
        using var timeUp = limit is { } given ? new CancellationTokenSource(given, time) : new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, exchange.Aborted, stopping);
        WaitResult result;
        try
        {
            result = await WaitForAsync(session, request, end.Token);
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested)
        {
            result = new WaitResult(false, null, null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new RequestException(503, "shutting down", "the daemon is shutting down");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new RequestException(422, "bad pattern", "the pattern takes too long to match");
        }

        await exchange.WriteJsonAsync(result, ApiJsonContext.Default.WaitResult);
    }

    private Task<WaitResult> WaitForAsync(Session session, WaitRequest request, CancellationToken end)
    {
        var wait = new SessionWait(session, time);
        return request.Until switch
        {
            "exit" => wait.ExitAsync(end),
            "idle" => wait.IdleAsync(request.Idle is null ? DefaultIdle : TimeOf(request.Idle, "idle"), end),
            "text" => wait.TextAsync(PatternOf(request.Pattern), request.Since, end),
            "prompt" => wait.PromptAsync(end),
            _ => throw new RequestException(422, "bad until", "until is one of exit, idle, text, prompt"),
        };
    }

    private static TimeSpan TimeOf(string text, string key) => Duration.TryParse(text, out TimeSpan time)
        ? time
        : throw new RequestException(422, $"bad {key}", $"{key} is a duration such as \"2s\" or \"500ms\"");

    private static Regex PatternOf(string? pattern)
    {
        if (pattern is not { Length: > 0 and <= MaxPattern }) throw new RequestException(422, "bad pattern", $"text needs a pattern of 1 to {MaxPattern} characters");
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Multiline, MatchTime);
        }
        catch (ArgumentException exception)
        {
            throw new RequestException(422, "bad pattern", exception.Message);
        }
    }
}
