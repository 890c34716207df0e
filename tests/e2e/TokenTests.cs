using System.Net;

namespace Sessiond.E2e.Tests;

/// <summary><c>sessiond token</c>: made, used over TCP within its scope, revoked while it is in use.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task A_token_opens_TCP_within_its_scope_until_it_is_revoked_and_its_stream_ends_then()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        string token = (await daemon.CliAsync("token", "create", "viewer", "--scope", "observe")).Expect(0).Out.Trim();
        using HttpClient client = daemon.Tcp(token);
        using HttpResponseMessage list = await client.GetAsync("/v1/sessions");
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        using HttpResponseMessage create = await client.PostAsync("/v1/sessions", TestDaemon.Json("{}"));
        Assert.Equal(HttpStatusCode.Forbidden, create.StatusCode);
        using HttpResponseMessage tokens = await client.GetAsync("/v1/tokens");
        Assert.Equal(HttpStatusCode.Forbidden, tokens.StatusCode);
        Assert.Contains("viewer", (await daemon.CliAsync("token", "list")).Out, StringComparison.Ordinal);

        await daemon.NewAsync("calm", ["cat"]);
        WebSocketUpgrade connection = await WebSocketUpgrade.TcpAsync(daemon.Port);
        await using WireClient observer = await WireClient.AttachAsync(connection, "/v1/sessions/calm/attach?mode=observe", "sessiond.v1", ("Authorization", $"Bearer {token}"));
        await observer.MessageAsync("hello");

        using HttpResponseMessage events = await client.GetAsync("/v1/events", HttpCompletionOption.ResponseHeadersRead);
        using Stream stream = await events.Content.ReadAsStreamAsync();
        (await daemon.CliAsync("token", "revoke", "viewer")).Expect(0);
        using HttpResponseMessage refused = await client.GetAsync("/v1/sessions");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(4003, await observer.CloseCodeAsync());
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            byte[] buffer = new byte[1024];
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await stream.ReadAsync(buffer, patience.Token) > 0)
            {
                // Until the daemon ends it.
            }

            throw new IOException("ended");
        });
    }
}
