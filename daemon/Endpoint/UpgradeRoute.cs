using Sessiond.Daemon.Access;

namespace Sessiond.Daemon.Endpoint;

/// <summary>POST /v1/upgrade?binary=PATH&amp;holder=1: goes on with the daemon of another binary.</summary>
internal sealed class UpgradeRoute(Func<string?, bool, Task> upgrade)
{
    internal Route Route => new("POST", "/v1/upgrade", Scope.Admin, UpgradeAsync);

    private async Task UpgradeAsync(Exchange exchange)
    {
        string? binary = exchange.Query("binary");
        if (binary is { Length: > 0 } && !Path.IsPathFullyQualified(binary)) throw new RequestException(422, "bad path", "binary is an absolute path on the daemon's machine");
        await upgrade(string.IsNullOrEmpty(binary) ? null : binary, exchange.Query("holder") == "1");
        await exchange.WriteAsync("{}"u8.ToArray(), "application/json");
    }
}
