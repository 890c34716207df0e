using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Startup;
using Sessiond.Spec;

namespace Sessiond.Daemon.Access.Oidc;

/// <summary>
/// Tokens of an OpenID Connect issuer: signature, issuer, audience and times are verified, in this order of trust, and whatever is missing refuses the token.
/// </summary>
internal sealed class JwtVerifier : IDisposable
{
    /// <summary>How far clocks may differ.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    private readonly OidcSpec _spec;
    private readonly IssuerKeys _keys;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal JwtVerifier(OidcSpec spec, Func<Uri, Task<byte[]>> fetch, TimeProvider time, ILogger logger)
    {
        _spec = spec;
        _keys = new IssuerKeys(spec.Issuer, fetch, time);
        _time = time;
        _logger = logger;
    }

    /// <summary>Who a token stands for; null: it is not a good one.</summary>
    internal async ValueTask<Identity?> VerifyAsync(string token)
    {
        if (JsonWebToken.Parse(token) is not { } parsed || JsonWebToken.Text(parsed.Header, "alg") is not { } algorithm) return null;
        if (JsonWebToken.Text(parsed.Claims, "iss") != _spec.Issuer) return null;
        try
        {
            IReadOnlyList<SigningKey> keys = await _keys.FindAsync(JsonWebToken.Text(parsed.Header, "kid"));
            return keys.Any(key => key.Verifies(algorithm, parsed.Signed, parsed.Signature)) ? IdentityOf(parsed) : null;
        }
        catch (IOException exception)
        {
            // Closed, not open: without the issuer's keys nobody comes in by its tokens.
            _logger.StartupWarning(exception.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private Identity? IdentityOf(JsonWebToken token)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (token.Time("exp") is not { } end || end + Leeway <= now) return null;
        if (token.Time("nbf") is { } start && start - Leeway > now) return null;
        if (!JsonWebToken.Texts(token.Claims, "aud").Contains(_spec.Audience)) return null;
        if (JsonWebToken.Text(token.Claims, _spec.UserClaim) is not { Length: > 0 } user || user.Any(char.IsControl)) return null;
        bool isAdmin = _spec.AdminRole is { Length: > 0 } role && RolesOf(token).Contains(role);
        return new Identity(user, isAdmin ? Scope.Admin : Scope.Manage, new Credential(null, end + Leeway));
    }

    /// <summary>Roles are in no standard: these are where the issuers that are used put them.</summary>
    private static IEnumerable<string> RolesOf(JsonWebToken token)
    {
        IEnumerable<string> roles = [.. JsonWebToken.Texts(token.Claims, "roles"), .. JsonWebToken.Texts(token.Claims, "groups")];
        bool hasRealm = token.Claims.TryGetProperty("realm_access", out var realm) && realm.ValueKind == System.Text.Json.JsonValueKind.Object;
        return hasRealm ? roles.Concat(JsonWebToken.Texts(realm, "roles")) : roles;
    }
}
