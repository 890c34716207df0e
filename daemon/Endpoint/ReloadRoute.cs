using Sessiond.Daemon.Access;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>POST /v1/reload: reads the spec again.</summary>
internal sealed class ReloadRoute(Devbox devbox)
{
    internal Route Route => new("POST", "/v1/reload", Scope.Admin, ReloadAsync);

    private async Task ReloadAsync(Exchange exchange)
    {
        (ReloadResult? result, IReadOnlyList<SpecError> errors) = await devbox.ReloadAsync();
        if (result is null) throw new RequestException(422, "the spec has errors", $"the old spec counts on; {string.Join("\n", errors)}");
        await exchange.WriteJsonAsync(result, ApiJsonContext.Default.ReloadResult);
    }
}
