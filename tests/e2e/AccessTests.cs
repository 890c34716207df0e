using System.Net;
using System.Text;

namespace Sessiond.E2e.Tests;

/// <summary>Who may: one test per route, over the whole table and beyond it.</summary>
public sealed class AccessTests
{
    private static readonly string[] Dashboards = ["http://evil.example", "https://127.0.0.1.evil.example", "null", "http://127.0.0.1:1", "file://"];

    /// <summary>Every route of docs/protocol.md, and paths that there are not.</summary>
    public static TheoryData<string, string> Routes
    {
        get
        {
            var routes = new TheoryData<string, string>();
            foreach (string path in new[] { "status", "sessions", "sessions/calm", "sessions/calm/attach", "sessions/calm/screen", "sessions/calm/logs", "events", "hooks", "hooks/x/log", "auto-commit", "logs.tar.gz", "openapi.json", "tokens", "unknown", "" })
            {
                routes.Add("GET", $"/v1/{path}");
            }

            foreach (string path in new[] { "sessions", "sessions/calm/start", "sessions/calm/stop", "sessions/calm/restart", "sessions/calm/pause", "sessions/calm/resume", "sessions/calm/input", "sessions/calm/resize", "sessions/calm/wait", "hooks/x/rerun", "auto-commit/flush", "upgrade", "reload", "tokens" })
            {
                routes.Add("POST", $"/v1/{path}");
            }

            routes.Add("PATCH", "/v1/sessions/calm");
            routes.Add("DELETE", "/v1/sessions/calm");
            routes.Add("PATCH", "/v1/auto-commit");
            routes.Add("GET", "/metrics");
            routes.Add("GET", "/no/such/path");
            routes.Add("PUT", "/v1/sessions/calm");
            routes.Add("OPTIONS", "/v1/sessions");
            return routes;
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Over_TCP_a_route_without_a_token_answers_401_and_has_no_effect(string method, string path)
    {
        await using TestDaemon daemon = await StartedAsync();
        foreach (string? token in new[] { null, "wrong", "", TestDaemon.Token + "x", TestDaemon.Token[..^1] })
        {
            using HttpClient client = daemon.Tcp(token: null);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        // Never in a URL.
        using HttpClient bare = daemon.Tcp(token: null);
        using var inUrl = new HttpRequestMessage(new HttpMethod(method), $"{path}?token={TestDaemon.Token}&access_token={TestDaemon.Token}");
        using HttpResponseMessage refused = await bare.SendAsync(inUrl);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await AssertUntouchedAsync(daemon);
    }

    /// <summary>T98: a page of another origin is refused before anything happens, on both listeners, token or not.</summary>
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task T98_A_foreign_origin_answers_403_on_TCP_and_on_the_Unix_socket(string method, string path)
    {
        await using TestDaemon daemon = await StartedAsync();
        foreach (string origin in Dashboards)
        {
            foreach (HttpClient client in new[] { daemon.Http, daemon.Tcp(), daemon.Tcp(token: null) })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Headers.TryAddWithoutValidation("Origin", origin);
                using HttpResponseMessage response = await client.SendAsync(request);
                Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{method} {path} from {origin}: {response.StatusCode}");
                if (client != daemon.Http) client.Dispose();
            }
        }

        await AssertUntouchedAsync(daemon);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/v1/login")]
    [InlineData("/")]
    public async Task T98_A_foreign_origin_answers_403_on_public_routes_too(string path)
    {
        await using TestDaemon daemon = await StartedAsync();
        using HttpClient client = daemon.Tcp(token: null);
        using var request = new HttpRequestMessage(path == "/v1/login" ? HttpMethod.Post : HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Origin", "http://evil.example");
        if (path == "/v1/login") request.Content = TestDaemon.Json($$"""{"token":"{{TestDaemon.Token}}"}""");
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/readyz", 200)]
    public async Task Liveness_and_readiness_need_no_token(string path, int status)
    {
        await using TestDaemon daemon = await StartedAsync();
        using HttpClient client = daemon.Tcp(token: null);
        using HttpResponseMessage response = await client.GetAsync(path);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_WebSocket_without_a_token_answers_401_before_the_upgrade()
    {
        await using TestDaemon daemon = await StartedAsync();
        using (WebSocketUpgrade connection = await WebSocketUpgrade.TcpAsync(daemon.Port))
        {
            Assert.Equal(401, await connection.AskAsync("/v1/sessions/calm/attach", "sessiond.v1"));
        }

        using (WebSocketUpgrade connection = await WebSocketUpgrade.TcpAsync(daemon.Port))
        {
            Assert.Equal(401, await connection.AskAsync($"/v1/sessions/calm/attach?token={TestDaemon.Token}", "sessiond.v1, base64url.bearer.authorization.k8s.io.d3Jvbmc"));
        }
    }

    [Fact]
    public async Task T98_A_WebSocket_of_a_foreign_origin_answers_403_before_the_upgrade_on_both_listeners()
    {
        await using TestDaemon daemon = await StartedAsync();
        using (WebSocketUpgrade unix = await WebSocketUpgrade.UnixAsync(daemon.Socket))
        {
            Assert.Equal(403, await unix.AskAsync("/v1/sessions/calm/attach", "sessiond.v1", ("Origin", "http://evil.example")));
        }

        using WebSocketUpgrade tcp = await WebSocketUpgrade.TcpAsync(daemon.Port);
        Assert.Equal(403, await tcp.AskAsync("/v1/sessions/calm/attach", "sessiond.v1", ("Origin", "http://evil.example"), Bearer));
        Assert.False((await daemon.SessionAsync("calm")).Attached);
    }

    [Fact]
    public async Task A_token_is_taken_from_the_header_from_a_subprotocol_and_from_the_cookie_of_a_login()
    {
        await using TestDaemon daemon = await StartedAsync();
        const string Path = "/v1/sessions/calm/attach?mode=observe";
        using WebSocketUpgrade byHeader = await WebSocketUpgrade.TcpAsync(daemon.Port);
        Assert.Equal(101, await byHeader.AskAsync(Path, "sessiond.v1", Bearer));
        using WebSocketUpgrade bySubprotocol = await WebSocketUpgrade.TcpAsync(daemon.Port);
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(TestDaemon.Token)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.Equal(101, await bySubprotocol.AskAsync(Path, $"base64url.bearer.authorization.k8s.io.{encoded}, sessiond.v1"));
        Assert.Equal("sessiond.v1", bySubprotocol.Headers["sec-websocket-protocol"]);

        using HttpClient client = daemon.Tcp(token: null);
        using HttpResponseMessage wrong = await client.PostAsync("v1/login", TestDaemon.Json("""{"token":"wrong"}"""));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
        using HttpResponseMessage login = await client.PostAsync("v1/login", TestDaemon.Json($$"""{"token":"{{TestDaemon.Token}}"}"""));
        Assert.True(login.IsSuccessStatusCode);
        string cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using WebSocketUpgrade byCookie = await WebSocketUpgrade.TcpAsync(daemon.Port);
        string own = $"http://127.0.0.1:{daemon.Port}";
        Assert.Equal(101, await byCookie.AskAsync(Path, "sessiond.v1", ("Cookie", cookie.Split(';')[0]), ("Origin", own)));
    }

    [Fact]
    public async Task The_daemons_own_origin_and_a_listed_one_are_let_in()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true, daemonKeys: "allowed_origins = [\"https://dash.example.com\"]");
        foreach (string origin in new[] { $"http://localhost:{daemon.Port}", $"http://[::1]:{daemon.Port}", "https://dash.example.com" })
        {
            using HttpClient client = daemon.Tcp();
            client.DefaultRequestHeaders.Add("Origin", origin);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("v1/status")).StatusCode);
        }

        using HttpClient near = daemon.Tcp();
        near.DefaultRequestHeaders.Add("Origin", "https://dash.example.com.evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await near.GetAsync("v1/status")).StatusCode);
    }

    /// <summary>A browser cannot read the status of a refused upgrade: it is told by the close code.</summary>
    [Fact]
    public async Task A_browser_learns_of_a_missing_session_by_close_code_4004()
    {
        await using TestDaemon daemon = await StartedAsync();
        using (WebSocketUpgrade plain = await WebSocketUpgrade.TcpAsync(daemon.Port))
        {
            Assert.Equal(404, await plain.AskAsync("/v1/sessions/absent/attach", "sessiond.v1", Bearer));
        }

        await using WireClient browser = await WireClient.AttachAsync(
            await WebSocketUpgrade.TcpAsync(daemon.Port), "/v1/sessions/absent/attach", "sessiond.v1", Bearer, ("Origin", $"http://127.0.0.1:{daemon.Port}"));
        Assert.Equal(4004, await browser.CloseCodeAsync());
    }

    /// <summary>The same for a page that is not signed in, or not any more; what is no WebSocket gets its 401.</summary>
    [Fact]
    public async Task A_browser_without_a_token_learns_it_by_close_code_4003()
    {
        await using TestDaemon daemon = await StartedAsync();
        (string, string) own = ("Origin", $"http://127.0.0.1:{daemon.Port}");
        foreach ((string, string)[] headers in new (string, string)[][] { [own], [own, ("Cookie", "sessiond=expired")], [own, ("Authorization", "Bearer wrong")] })
        {
            foreach (string session in new[] { "calm", "absent" })
            {
                await using WireClient browser = await WireClient.AttachAsync(
                    await WebSocketUpgrade.TcpAsync(daemon.Port), $"/v1/sessions/{session}/attach", "sessiond.v1", headers);
                Assert.Equal(4003, await browser.CloseCodeAsync());
                Assert.Empty(browser.Frames);
                Assert.Equal("", browser.Said.Text());
            }
        }

        using HttpClient client = daemon.Tcp(token: null);
        client.DefaultRequestHeaders.Add("Origin", own.Item2);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("v1/sessions/calm/attach")).StatusCode);
        await AssertUntouchedAsync(daemon);
    }

    private static (string, string) Bearer => ("Authorization", $"Bearer {TestDaemon.Token}");

    private static async Task<TestDaemon> StartedAsync()
    {
        TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await daemon.NewAsync("calm", ["cat"]);
        return daemon;
    }

    private static async Task AssertUntouchedAsync(TestDaemon daemon)
    {
        var session = Assert.Single(await daemon.SessionsAsync());
        Assert.Equal(("calm", "running", 0L), (session.Name, session.State, session.Offset));
    }
}
