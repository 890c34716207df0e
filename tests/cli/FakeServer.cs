using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Tests;

/// <summary>A server on a Unix socket in a folder of its own that answers as a test tells it to.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessiond-cli-test-").FullName;
    private readonly WebApplication _application;

    private FakeServer(RequestDelegate answer)
    {
        Socket = Path.Combine(_folder, "s.sock");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket));
        _application = builder.Build();
        _application.UseWebSockets();
        _application.Run(answer);
    }

    public string Socket { get; }

    public static async Task<FakeServer> StartAsync(RequestDelegate answer)
    {
        var server = new FakeServer(answer);
        await server._application.StartAsync();
        return server;
    }

    /// <summary>A server that speaks <c>sessiond.v1</c> on every attach.</summary>
    public static Task<FakeServer> StartAttachAsync(Func<HttpContext, WebSocket, Task> speak) => StartAsync(async http =>
    {
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync("sessiond.v1");
        await speak(http, socket);
    });

    public ApiClient Client() => new(Sessiond.Cli.Client.Endpoint.Discover(Socket, null, null, _ => null, uid: 0), uid: 0);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static Task AnswerAsync(HttpContext http, int status, string type, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body);
    }

    public static Task SendTextAsync(WebSocket socket, string json) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public static Task SendOutputAsync(WebSocket socket, long offset, string text) => SendBinaryAsync(socket, [1], offset, text);

    public static Task SendSnapshotAsync(WebSocket socket, byte flags, long offset, string text) => SendBinaryAsync(socket, [2, flags], offset, text);

    public static Task CloseAsync(WebSocket socket, int code, string reason) =>
        socket.CloseAsync((WebSocketCloseStatus)code, reason, CancellationToken.None);

    /// <summary>Ends the connection without a reason that stays. (An abort could take messages with it that are on their way.)</summary>
    public static Task CutAsync(WebSocket socket) => socket.CloseOutputAsync((WebSocketCloseStatus)4008, "", CancellationToken.None);

    private static Task SendBinaryAsync(WebSocket socket, byte[] start, long offset, string text)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, offset);
        byte[] message = [.. start, .. number, .. Encoding.UTF8.GetBytes(text)];
        return socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }
}
