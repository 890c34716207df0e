using Sessiond.Daemon.Access;
using Sessiond.Daemon.Hooks;
using Sessiond.Hooks;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>/v1/hooks and what is below it.</summary>
internal sealed class HookRoutes(HookRunner hooks, HookHost host)
{
    internal IEnumerable<Route> Routes() =>
    [
        new("GET", "/v1/hooks", Scope.Observe, ListAsync),
        new("GET", "/v1/hooks/{name}/log", Scope.Observe, LogAsync),
        new("POST", "/v1/hooks/{name}/rerun", Scope.Manage, RerunAsync),
    ];

    private Task ListAsync(Exchange exchange) =>
        exchange.WriteJsonAsync([.. hooks.Hooks.Select(HookObjects.Of)], ApiJsonContext.Default.IReadOnlyListHookObject);

    private Task LogAsync(Exchange exchange)
    {
        HookLog log = host.LogOf(Find(exchange).Name);
        return LogRoutes.AnswerAsync(exchange, log.Log, log.Journal);
    }

    private async Task RerunAsync(Exchange exchange)
    {
        Hook hook = Find(exchange);
        if (!hooks.TryRerun(hook.Name)) throw new RequestException(409, "hook runs", $"hook {hook.Name} runs at the moment");
        await exchange.WriteJsonAsync(HookObjects.Of(hook), ApiJsonContext.Default.HookObject);
    }

    private Hook Find(Exchange exchange) =>
        hooks.Hooks.FirstOrDefault(hook => hook.Name == exchange.Name)
        ?? throw new RequestException(404, "no such hook", $"there is no hook {exchange.Name}");
}
