using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Attach;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Transport;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Endpoint;

/// <summary>GET /v1/sessions/{name}/attach: checks, the upgrade, and the hand-over of the socket to the session.</summary>
internal sealed class AttachRoute(SessionRegistry sessions, ConnectionLimit limit)
{
    /// <summary>RFC 6455 section 1.3.</summary>
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Bytes that a client may have sent before it saw the upgrade.</summary>
    private const int MaxEarly = 64 * 1024;

    internal Route Route => new("GET", "/v1/sessions/{name}/attach", Scope.Observe, AttachAsync) { TellStranger = TellStrangerAsync };

    private async Task AttachAsync(Exchange exchange)
    {
        HttpContext http = exchange.Http;
        if (UpgradeOf(http) is not { } upgrade) throw new RequestException(426, "WebSocket only", "attach with a WebSocket client");
        string[] offered = Offered(http);
        AttachDialect dialect = AttachDialect.Choose(offered)
            ?? throw new RequestException(400, "unknown subprotocol", $"none of {string.Join(", ", offered)} is known; there are sessiond.v1, raw.sessiond.v1, v5.channel.k8s.io and v4.channel.k8s.io");
        AttachRequest request = RequestOf(exchange);
        Session? session = sessions.Find(exchange.Name);
        (int code, string reason) = Refusal(exchange, session, request);
        // A browser cannot read the status of a refused upgrade: it is told by the close code.
        if (code != 0 && string.IsNullOrEmpty(http.Request.Headers.Origin)) throw AsStatus(code, reason);
        (StreamSocket socket, byte[] early) = await UpgradeAsync(http, upgrade, dialect.Subprotocol);
        if (code != 0)
        {
            CloseNow(socket, code, reason);
            return;
        }

        Hand(socket, session!, dialect, request, early, ClientSaid.Of(http, session!));
    }

    /// <summary>A page without a token, or whose token has ended, is told by the close code as well; nothing of the session is looked at for it.</summary>
    private async Task<bool> TellStrangerAsync(HttpContext http)
    {
        if (string.IsNullOrEmpty(http.Request.Headers.Origin) || UpgradeOf(http) is not { } upgrade || AttachDialect.Choose(Offered(http)) is not { } dialect) return false;
        (StreamSocket socket, _) = await UpgradeAsync(http, upgrade, dialect.Subprotocol);
        CloseNow(socket, CloseCode.NotAuthenticated, "sign in");
        return true;
    }

    /// <summary>Null for a request that is none of a WebSocket.</summary>
    private static IHttpUpgradeFeature? UpgradeOf(HttpContext http)
    {
        IHttpUpgradeFeature? upgrade = http.Features.Get<IHttpUpgradeFeature>();
        bool isWebSocket = upgrade is { IsUpgradableRequest: true } && http.Request.Headers.SecWebSocketKey.ToString().Length > 0
            && http.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);
        return isWebSocket ? upgrade : null;
    }

    /// <summary>The dialects that a client offers; a token beside them is none.</summary>
    private static string[] Offered(HttpContext http) =>
        [.. Credentials.Subprotocols(http.Request).Where(name => !name.StartsWith(Credentials.SubprotocolPrefix, StringComparison.Ordinal))];

    private static (int Code, string Reason) Refusal(Exchange exchange, Session? session, AttachRequest request)
    {
        if (session is null || !exchange.Identity.MaySee(session.Owner)) return (CloseCode.NoSuchSession, $"there is no session {exchange.Name}");
        if (!request.Observe && !exchange.Identity.MayControl) return (CloseCode.NotPermitted, "your token may only observe; attach with mode=observe");
        // Whether a coming back meets its own ghost is decided when it attaches; it is told by a close code.
        bool isBusy = !request.Observe && !request.TakeOver && request.Resume is null && session.HasController;
        return isBusy ? (CloseCode.Busy, $"session {session.Name} has a controller; attach with takeover=1 or mode=observe") : (0, "");
    }

    private static RequestException AsStatus(int code, string reason) => code switch
    {
        CloseCode.NoSuchSession => new RequestException(404, "no such session", reason),
        CloseCode.NotPermitted => new RequestException(403, "not permitted", reason),
        _ => new RequestException(409, "busy", reason),
    };

    private static AttachRequest RequestOf(Exchange exchange) => new()
    {
        Identity = exchange.Identity,
        Observe = exchange.Query("mode") == "observe",
        TakeOver = exchange.Query("takeover") != "0",
        Columns = Number(exchange, "cols", 1, TerminalSize.Max),
        Rows = Number(exchange, "rows", 1, TerminalSize.Max),
        PixelWidth = Number(exchange, "xpixel", 0, ushort.MaxValue) ?? 0,
        PixelHeight = Number(exchange, "ypixel", 0, ushort.MaxValue) ?? 0,
        Scrollback = Number(exchange, "scrollback", 0, int.MaxValue) ?? int.MaxValue,
        KeepClientScrollback = exchange.Query("history") == "keep",
        Since = JournalPosition.Parse(exchange.Query("since")),
        Resume = exchange.Query("resume") is { Length: > 0 } resume ? resume : null,
        PingSeconds = Number(exchange, "ping", 2, 60) ?? 20,
    };

    /// <summary>A number of the query, clamped; null when absent or none.</summary>
    private static int? Number(Exchange exchange, string key, int low, int high) =>
        double.TryParse(exchange.Query(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double value)
        && !double.IsNaN(value) // "nan" is read as one, and clamps to nothing
            ? (int)Math.Clamp(value, low, high)
            : null;

    private static async Task<(StreamSocket Socket, byte[] Early)> UpgradeAsync(
        HttpContext http, IHttpUpgradeFeature upgrade, string? subprotocol)
    {
        string key = http.Request.Headers.SecWebSocketKey.ToString();
        IHeaderDictionary headers = http.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
#pragma warning disable CA5350 // SHA-1 is what RFC 6455 section 4.2.2 asks for; it protects nothing.
        headers.SecWebSocketAccept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
#pragma warning restore CA5350
        if (subprotocol is not null) headers.SecWebSocketProtocol = subprotocol;
        Stream stream = await upgrade.UpgradeAsync();
        StreamSocket socket = await http.Features.Get<LoopConnection>()!.TakeSocketAsync();
        using var early = new MemoryStream();
        byte[] buffer = new byte[4096];
        int count;
        while (early.Length < MaxEarly && (count = await stream.ReadAsync(buffer)) > 0) early.Write(buffer, 0, count);
        return (socket, early.ToArray());
    }

    private void Hand(StreamSocket socket, Session session, AttachDialect dialect, AttachRequest request, byte[] early, IReadOnlyDictionary<string, string> said)
    {
        string id = request.Resume is { } resumed && AttachmentId.IsValid(resumed) ? resumed : AttachmentId.New();
        var attachment = new Attachment(id, session, socket, dialect, request, early, limit.Leave);
        session.Follow(attachment, said);
        if (session.Definition.Start == SessionStart.Attach && session.State == Spec.Api.SessionStates.Stopped && session.Ended is null) session.Start();
        // Whoever connects to type finds it running; one who looks on changes nothing.
        if (!request.Observe) _ = session.UnpauseAsync();
        if (session.TryAttach(attachment) is not { } refusal) return;
        session.Unfollow(attachment);
        CloseNow(socket, refusal.Code, refusal.Reason);
    }

    private void CloseNow(StreamSocket socket, int code, string reason)
    {
        // A fresh socket has room for a close frame; a client that is gone already needs none.
        _ = socket.Write(WebSocketFrame.EncodeClose(code, reason));
        socket.Shutdown();
        socket.Dispose();
        limit.Leave();
    }
}
