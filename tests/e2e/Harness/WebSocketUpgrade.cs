using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>A socket and the HTTP upgrade on it by hand, so that a test sees a refusal's status and can send whatever a hostile client would.</summary>
internal sealed class WebSocketUpgrade : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private WebSocketUpgrade(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    internal Stream Stream => _stream;

    /// <summary>The headers of the answer, lower case.</summary>
    internal Dictionary<string, string> Headers { get; } = [];

    internal static async Task<WebSocketUpgrade> UnixAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new WebSocketUpgrade(socket);
    }

    internal static async Task<WebSocketUpgrade> TcpAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return new WebSocketUpgrade(socket);
    }

    /// <summary>Asks for the upgrade; returns the status of the answer.</summary>
    internal async Task<int> AskAsync(string path, string? subprotocols, params (string Name, string Value)[] headers)
    {
        var request = new StringBuilder($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
        request.Append(CultureInfo.InvariantCulture, $"Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}\r\n");
        if (subprotocols is not null) request.Append(CultureInfo.InvariantCulture, $"Sec-WebSocket-Protocol: {subprotocols}\r\n");
        foreach ((string name, string value) in headers) request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()));
        string[] lines = (await ReadHeadAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        foreach (string line in lines.Skip(1)) Headers[line.Split(':')[0].ToLowerInvariant()] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Cuts the connection as a lost network does: a reset, without a word.</summary>
    internal void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _stream.Dispose();
    }

    public void Dispose() => _stream.Dispose();

    private async Task<string> ReadHeadAsync()
    {
        using var limit = new CancellationTokenSource(Host.Patience);
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            // Byte by byte: what follows the head belongs to the WebSocket.
            if (await _stream.ReadAsync(one, limit.Token) == 0) throw new IOException($"the connection ended within the answer: {head}");
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
