using System.Text.Json;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.AutoCommit;
using Sessiond.Daemon.Sessions;
using Sessiond.Hooks.AutoCommit;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>/v1/auto-commit: of the devbox, or with <c>?session=NAME</c> of a session's own workspace.</summary>
internal sealed class AutoCommitRoutes(AutoCommits commits, SessionRegistry sessions)
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(3600);

    internal IEnumerable<Route> Routes() =>
    [
        new("GET", "/v1/auto-commit", Scope.Observe, GetAsync),
        new("PATCH", "/v1/auto-commit", Scope.Manage, PatchAsync),
        new("POST", "/v1/auto-commit/flush", Scope.Manage, FlushAsync),
    ];

    private async Task GetAsync(Exchange exchange)
    {
        AutoCommitUnit unit = Find(exchange);
        AutoCommitObject answer = unit.Committer is { } committer ? unit.Describe(await committer.DescribeAsync(exchange.Aborted)) : unit.Describe();
        await WriteAsync(exchange, answer);
    }

    private async Task PatchAsync(Exchange exchange)
    {
        AutoCommitUnit unit = Find(exchange);
        PatchAutoCommit patch = await exchange.ReadJsonAsync(ApiJsonContext.Default.PatchAutoCommit);
        commits.Configure(unit, patch.Enabled, IntervalOf(patch.Interval));
        await WriteAsync(exchange, unit.Describe());
    }

    private async Task FlushAsync(Exchange exchange)
    {
        AutoCommitUnit unit = Find(exchange);
        bool force = exchange.Query("force") is "1" or "true";
        // A client that goes away does not end a push half way.
        AutoCommitStatus status = await commits.CommitterOf(unit).FlushAsync(force, CancellationToken.None).WaitAsync(exchange.Aborted);
        await WriteAsync(exchange, unit.Describe(status));
    }

    private AutoCommitUnit Find(Exchange exchange)
    {
        if (exchange.Query("session") is not { Length: > 0 } name) return commits.OfDevbox;
        if (sessions.Find(name) is not { } session || !exchange.Identity.MaySee(session.Owner))
        {
            throw new RequestException(404, "no such session", $"there is no session {name}");
        }

        return commits.Find(name) ?? throw new RequestException(404, "no auto-commit", $"session {name} has no workspace of its own with auto_commit");
    }

    private static TimeSpan? IntervalOf(JsonElement? value)
    {
        if (value is not { } given || given.ValueKind == JsonValueKind.Null) return null;
        TimeSpan interval = default;
        bool isDuration = given.ValueKind switch
        {
            JsonValueKind.String => Duration.TryParse(given.GetString()!, out interval),
            JsonValueKind.Number => Duration.TryFromSeconds(given.GetDouble(), out interval),
            _ => false,
        };
        return isDuration && interval >= MinInterval && interval <= MaxInterval
            ? interval
            : throw new RequestException(422, "bad interval", "interval is a duration between 1s and 3600s, such as \"5s\", or a number of seconds");
    }

    private static Task WriteAsync(Exchange exchange, AutoCommitObject answer) =>
        exchange.WriteJsonAsync(answer, ApiJsonContext.Default.AutoCommitObject);
}
