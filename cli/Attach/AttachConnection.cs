using System.Net.WebSockets;
using System.Text.Json;
using Sessiond.Cli.Client;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Attach;

/// <summary>One WebSocket to a session in the <c>sessiond.v1</c> dialect: the sending side.</summary>
internal sealed class AttachConnection : IDisposable
{
    /// <summary>First byte of an input message; its bytes follow.</summary>
    internal const byte InputType = 0;

    // Long enough for a server that is alive to read a close frame; the user waits for it.
    private static readonly TimeSpan ClosePatience = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Task<bool> _isProved;
    private long _applied;
    private long _acknowledged;
    private int _acknowledging;

    private AttachConnection(WebSocket socket, Task<bool> isProved) => (Socket, _isProved) = (socket, isProved);

    /// <summary>The socket, for the receiving side.</summary>
    public WebSocket Socket { get; }

    /// <summary>Opens <paramref name="path"/>.</summary>
    /// <exception cref="CliException">The server refused, or does not answer.</exception>
    public static async Task<AttachConnection> OpenAsync(ApiClient api, string path, CancellationToken cancellation)
    {
        (WebSocket socket, Task<bool> isProved) = await WebSocketUpgrade.ConnectAsync(api, path, cancellation);
        return new AttachConnection(socket, isProved);
    }

    /// <summary>Sends typed bytes.</summary>
    /// <param name="message"><see cref="InputType"/> and the bytes; free again when the task ends.</param>
    public Task SendInputAsync(ReadOnlyMemory<byte> message) => SendAsync(message, WebSocketMessageType.Binary);

    /// <summary>Tells the session the terminal's size.</summary>
    public Task SendSizeAsync(TtySize size)
    {
        var message = new ClientMessage { Type = "resize", Cols = size.Cols, Rows = size.Rows, Xpixel = size.XPixel, Ypixel = size.YPixel };
        return SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, WireJsonContext.Default.ClientMessage), WebSocketMessageType.Text);
    }

    /// <summary>Tells how far the terminal has come. Returns at once: whoever shows output does not wait for what is typed.</summary>
    public void Acknowledge(long offset)
    {
        Interlocked.Exchange(ref _applied, offset);
        if (Interlocked.Exchange(ref _acknowledging, 1) == 0) _ = AcknowledgeAsync();
    }

    private async Task AcknowledgeAsync()
    {
        do
        {
            long offset = Interlocked.Read(ref _applied);
            if (offset != _acknowledged)
            {
                _acknowledged = offset;
                var message = new ClientMessage { Type = "ack", Offset = offset };
                await SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, WireJsonContext.Default.ClientMessage), WebSocketMessageType.Text);
            }

            Interlocked.Exchange(ref _acknowledging, 0);
        }
        while (Interlocked.Read(ref _applied) != _acknowledged && Interlocked.Exchange(ref _acknowledging, 1) == 0);
    }

    /// <summary>Says good-bye, so that the server need not find out.</summary>
    public async Task CloseAsync()
    {
        using var patience = new CancellationTokenSource(ClosePatience);
        try
        {
            await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "detached", patience.Token);
        }
        catch (Exception e) when (IsCut(e))
        {
            // The server finds out by itself.
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        _turn.Dispose();
    }

    /// <summary>True for what a WebSocket throws when its connection is gone.</summary>
    internal static bool IsCut(Exception e) =>
        e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private async Task SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        try
        {
            await _turn.WaitAsync();
            try
            {
                // What is no WebSocket server gets nothing that was typed.
                if (!await _isProved) Socket.Abort();
                await Socket.SendAsync(message, type, endOfMessage: true, CancellationToken.None);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception e) when (IsCut(e))
        {
            // The receiving side sees the cut too, and decides what follows.
        }
    }
}
