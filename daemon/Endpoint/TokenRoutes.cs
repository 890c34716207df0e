using Sessiond.Daemon.Access;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>/v1/tokens: what opens the TCP endpoint.</summary>
internal sealed class TokenRoutes(TokenStore tokens)
{
    internal IEnumerable<Route> Routes() =>
    [
        new("GET", "/v1/tokens", Scope.Admin, ListAsync),
        new("POST", "/v1/tokens", Scope.Admin, CreateAsync),
        new("DELETE", "/v1/tokens/{name}", Scope.Admin, RevokeAsync),
    ];

    private Task ListAsync(Exchange exchange) =>
        exchange.WriteJsonAsync([.. tokens.Tokens.Select(token => Describe(token, null))], ApiJsonContext.Default.IReadOnlyListTokenObject);

    private async Task CreateAsync(Exchange exchange)
    {
        CreateToken request = await exchange.ReadJsonAsync(ApiJsonContext.Default.CreateToken);
        if (!SpecName.IsValid(request.Name ?? "")) throw new RequestException(422, "bad name", $"a token's name is {SpecName.Rule}");
        if (!Enum.TryParse(request.Scope ?? "control", ignoreCase: true, out Scope scope) || !Enum.IsDefined(scope) || int.TryParse(request.Scope, out _))
        {
            throw new RequestException(422, "bad scope", $"{request.Scope} is none of observe, control, manage, admin");
        }

        TimeSpan? lifetime = null;
        if (request.Expires is { } expires)
        {
            if (!Duration.TryParse(expires, out TimeSpan span) || span <= TimeSpan.Zero)
            {
                throw new RequestException(422, "bad duration", $"{expires} is no duration such as 24h, of at most {Duration.Format(Duration.Max)}");
            }

            lifetime = span;
        }

        string user = string.IsNullOrEmpty(request.User) ? exchange.Identity.User : request.User;
        if (user.Any(char.IsControl)) throw new RequestException(422, "bad user", "a user's name has no control characters");
        try
        {
            StoredToken token = tokens.Create(request.Name!, user, scope, lifetime, out string value)
                ?? throw new RequestException(409, "name in use", $"there is a token {request.Name}; revoke it first");
            await exchange.WriteJsonAsync(Describe(token, value), ApiJsonContext.Default.TokenObject, 201);
        }
        catch (IOException exception)
        {
            throw new RequestException(507, "not kept", exception.Message);
        }
    }

    private Task RevokeAsync(Exchange exchange)
    {
        if (!tokens.Revoke(exchange.Name)) throw new RequestException(404, "no such token", $"there is no token {exchange.Name}");
        exchange.Http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static TokenObject Describe(StoredToken token, string? value) => new()
    {
        Name = token.Name,
        User = token.User,
        Scope = token.Scope.ToString().ToLowerInvariant(),
        CreatedAt = token.CreatedAt,
        ExpiresAt = token.ExpiresAt,
        Token = value,
    };
}
