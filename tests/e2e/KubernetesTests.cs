using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The dialects of Kubernetes remotecommand.</summary>
public sealed class KubernetesTests
{
    [Theory]
    [InlineData("v5.channel.k8s.io", "exit 0", "Success", null)]
    [InlineData("v5.channel.k8s.io", "exit 3", "Failure", "3")]
    [InlineData("v4.channel.k8s.io", "kill -TERM $$", "Failure", "143")]
    public async Task A_program_is_typed_to_and_ends_with_a_status(string dialect, string end, string status, string? code)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("job", ["bash", "-c", $"read line; echo got $line; stty size; read go; {end}"]);
        using WebSocketUpgrade connection = await WebSocketUpgrade.UnixAsync(daemon.Socket);
        Assert.Equal(101, await connection.AskAsync("/v1/sessions/job/attach", dialect));
        Assert.Equal(dialect, connection.Headers["sec-websocket-protocol"]);
        using WebSocket socket = WebSocket.CreateFromStream(connection.Stream, new WebSocketCreationOptions { SubProtocol = dialect });
        Assert.Equal(new byte[] { 1 }, await MessageAsync(socket));
        await SendAsync(socket, 4, """{"Width":123,"Height":45}""");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("job")).Size == new SizeObject(123, 45), "the size");
        await SendAsync(socket, 0, "hello\r");
        var output = new StringBuilder();
        while (!output.ToString().Contains("45 123", StringComparison.Ordinal)) output.Append(Encoding.UTF8.GetString(Channel(await MessageAsync(socket), 1)));
        Assert.Contains("got hello", output.ToString(), StringComparison.Ordinal);
        await SendAsync(socket, 0, "\r");
        byte[] last;
        while ((last = await MessageAsync(socket))[0] == 1) output.Append(Encoding.UTF8.GetString(last.AsSpan(1)));
        using JsonDocument ended = JsonDocument.Parse(Channel(last, 3));
        Assert.Equal(("v1", "Status", status), (Text(ended, "apiVersion"), Text(ended, "kind"), Text(ended, "status")));
        if (code is not null)
        {
            Assert.Equal("NonZeroExitCode", Text(ended, "reason"));
            JsonElement cause = ended.RootElement.GetProperty("details").GetProperty("causes")[0];
            Assert.Equal(("ExitCode", code), (cause.GetProperty("reason").GetString(), cause.GetProperty("message").GetString()));
        }

        Assert.Empty(await MessageAsync(socket));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task Closing_the_input_channel_ends_that_clients_input_alone()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("echo", ["cat"]);
        using WebSocketUpgrade connection = await WebSocketUpgrade.UnixAsync(daemon.Socket);
        Assert.Equal(101, await connection.AskAsync("/v1/sessions/echo/attach", "v5.channel.k8s.io"));
        using WebSocket socket = WebSocket.CreateFromStream(connection.Stream, new WebSocketCreationOptions { SubProtocol = "v5.channel.k8s.io" });
        await SendAsync(socket, 0, "before\r");
        await daemon.UntilScreenAsync("echo", "before\nbefore");
        await socket.SendAsync(new byte[] { 255, 0 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        await SendAsync(socket, 0, "after\r");
        await SendAsync(socket, 4, """{"Width":99,"Height":9}""");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("echo")).Size == new SizeObject(99, 9), "the size still counts");
        Assert.DoesNotContain("after", await daemon.ScreenAsync("echo"), StringComparison.Ordinal);
        await daemon.TypeAsync("echo", "others\r");
        await daemon.UntilScreenAsync("echo", "others\nothers");
    }

    private static string? Text(JsonDocument json, string key) => json.RootElement.GetProperty(key).GetString();

    private static byte[] Channel(byte[] message, byte channel)
    {
        Assert.Equal(channel, message[0]);
        return message[1..];
    }

    private static Task SendAsync(WebSocket socket, byte channel, string text) =>
        socket.SendAsync((byte[])[channel, .. Encoding.UTF8.GetBytes(text)], WebSocketMessageType.Binary, true, CancellationToken.None);

    /// <summary>The next message; empty for the close.</summary>
    private static async Task<byte[]> MessageAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(Host.Patience);
        byte[] buffer = new byte[1 << 20];
        ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
        return buffer[..result.Count];
    }
}
