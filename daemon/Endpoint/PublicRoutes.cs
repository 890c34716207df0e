using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Transport;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>What needs no token: liveness, readiness, signing in, and the dashboard's files.</summary>
internal sealed class PublicRoutes
{
    /// <summary>Bytes of a sign-in body.</summary>
    private const int MaxLogin = 16 * 1024;

    private readonly Func<StatusObject> _status;
    private readonly Gate _gate;
    private readonly DashboardFiles _dashboard;

    internal PublicRoutes(Func<StatusObject> status, Gate gate, DashboardFiles dashboard)
    {
        _status = status;
        _gate = gate;
        _dashboard = dashboard;
    }

    /// <summary>Answers when the path is one of these.</summary>
    internal async Task<bool> TryHandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        bool isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        switch (path)
        {
            case "/healthz" when isRead:
                await WriteTextAsync(context, 200, "ok\n");
                return true;
            case "/readyz" when isRead:
                StatusObject status = _status();
                bool isReady = status.State == SessionStates.Running;
                await WriteTextAsync(context, isReady ? 200 : 503, status.Reason is null ? $"{status.State}\n" : $"{status.State}: {status.Reason}\n");
                return true;
            case "/v1/login" when HttpMethods.IsPost(context.Request.Method):
                await LogInAsync(context);
                return true;
            default:
                return isRead && await _dashboard.TryWriteAsync(context, path);
        }
    }

    private static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }

    private async Task LogInAsync(HttpContext context)
    {
        var exchange = new Exchange(context, new Identity("", Scope.Observe), "");
        string? token = TokenOf(await exchange.ReadBodyAsync(MaxLogin));
        bool isUnix = context.Features.Get<LoopConnection>()!.Listener.IsUnix;
        if (!isUnix && (token is null || await _gate.FindAsync(token) is null))
        {
            throw new RequestException(401, "not authenticated", "the token is not valid");
        }

        context.Response.Cookies.Append(Credentials.Cookie, token ?? "", new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
        });
        context.Response.StatusCode = 204;
    }

    private static string? TokenOf(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("token", out JsonElement token)
                ? token.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new RequestException(400, "bad JSON", "the body is {\"token\": \"…\"}");
        }
    }
}
