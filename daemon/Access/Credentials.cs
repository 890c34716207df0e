using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sessiond.Daemon.Access;

/// <summary>Where a request may carry a token: header, subprotocol, cookie; never the URL.</summary>
internal static class Credentials
{
    /// <summary>Name of the cookie that POST /v1/login sets.</summary>
    internal const string Cookie = "sessiond_token";

    /// <summary>Kubernetes's way for browsers, which cannot set a header on a WebSocket: the token, base64url, as a subprotocol.</summary>
    internal const string SubprotocolPrefix = "base64url.bearer.authorization.k8s.io.";

    private const string Bearer = "Bearer ";

    /// <summary>The token of a request; null: none.</summary>
    internal static string? TokenOf(HttpRequest request)
    {
        string authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        foreach (string name in Subprotocols(request))
        {
            if (name.StartsWith(SubprotocolPrefix, StringComparison.Ordinal)) return Decode(name[SubprotocolPrefix.Length..]);
        }

        return request.Cookies[Cookie];
    }

    /// <summary>The subprotocols that a WebSocket client offers, in its order.</summary>
    internal static IEnumerable<string> Subprotocols(HttpRequest request) =>
        request.Headers.SecWebSocketProtocol
            .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static string? Decode(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.TrimEnd('=')));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
