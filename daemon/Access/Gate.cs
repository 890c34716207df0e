using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Sessiond.Daemon.Access.Oidc;
using Sessiond.Daemon.Transport;

namespace Sessiond.Daemon.Access;

/// <summary>
/// Tells who asks, and goes on watching those who came in over TCP: what outlives a request (events, a log that is followed) ends when its token does.
/// </summary>
internal sealed class Gate
{
    /// <summary>How often live connections are looked at: well inside the 30 s in which expiry and revocation must take effect.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Admission _admission;
    private readonly TokenStore _tokens;
    private readonly JwtVerifier? _issuer;
    private readonly ConcurrentDictionary<HttpContext, Identity> _open = new();

    internal Gate(Admission admission, TokenStore tokens, JwtVerifier? issuer)
    {
        _admission = admission;
        _tokens = tokens;
        _issuer = issuer;
    }

    /// <summary>Who sends a request; null: nobody that is known.</summary>
    internal async ValueTask<Identity?> IdentityOfAsync(HttpContext context)
    {
        LoopConnection connection = context.Features.Get<LoopConnection>()!;
        if (connection.Peer is { } peer) return _admission.IdentityOf(peer);
        return Credentials.TokenOf(context.Request) is { } token ? await FindAsync(token) : null;
    }

    /// <summary>Who a token stands for; null: nobody.</summary>
    internal async ValueTask<Identity?> FindAsync(string token)
    {
        if (_tokens.Find(token) is { } identity) return identity;
        return _issuer is null ? null : await _issuer.VerifyAsync(token);
    }

    /// <summary>True while the identity's token is good.</summary>
    internal bool IsGood(Identity identity) => _tokens.IsGood(identity);

    /// <summary>Notes a request that is being answered.</summary>
    internal void Enter(HttpContext context, Identity identity)
    {
        if (identity.Credential is not null) _open[context] = identity;
    }

    /// <summary>It was answered.</summary>
    internal void Leave(HttpContext context) => _open.TryRemove(context, out _);

    /// <summary>Ends requests whose token ended.</summary>
    internal void EndExpired()
    {
        foreach ((HttpContext context, Identity identity) in _open)
        {
            if (!IsGood(identity)) context.Abort();
        }
    }
}
