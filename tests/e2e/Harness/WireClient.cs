using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>A WebSocket client of a session, in the sessiond.v1 or the raw dialect: keeps what comes, sends what it is told.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private readonly WebSocketUpgrade _connection;
    private readonly WebSocket _socket;
    private readonly bool _isRaw;
    private readonly bool _keepsOutput;
    private readonly Lock _gate = new(); // guards _messages and _frames
    private readonly List<ServerMessage> _messages = [];
    private readonly List<(long Offset, byte[] Bytes)> _frames = [];
    private readonly SemaphoreSlim _reads = new(1); // held while the test wants a client that reads nothing
    private readonly Task _receiving;
    private long _position = -1;

    private WireClient(WebSocketUpgrade connection, string dialect, bool keepsOutput)
    {
        _connection = connection;
        _isRaw = dialect != "sessiond.v1";
        _keepsOutput = keepsOutput;
        _socket = WebSocket.CreateFromStream(connection.Stream, new WebSocketCreationOptions { IsServer = false, SubProtocol = dialect });
        _receiving = ReceiveLoopAsync();
    }

    /// <summary>The terminal bytes: snapshots and output as they came.</summary>
    internal Transcript Output { get; } = new();

    /// <summary>The JSON messages, one a line.</summary>
    internal Transcript Said { get; } = new();

    /// <summary>Output messages with their offsets, and -1 for parts of a snapshot.</summary>
    internal IReadOnlyList<(long Offset, byte[] Bytes)> Frames
    {
        get
        {
            lock (_gate) return [.. _frames];
        }
    }

    /// <summary>Where a terminal that applied everything is in the journal; -1 before it is anywhere.</summary>
    internal long Position
    {
        get
        {
            lock (_gate) return _position;
        }
    }

    /// <summary>Parts of snapshots so far.</summary>
    internal int SnapshotParts => Frames.Count(frame => frame.Offset < 0);

    /// <summary>Reads no more from the socket until <see cref="GoOn"/>; at most one message more is taken.</summary>
    internal void Stall() => _reads.Wait();

    internal void GoOn() => _reads.Release();

    internal static Task<WireClient> AttachAsync(WebSocketUpgrade connection, string path, string dialect, params (string Name, string Value)[] headers) =>
        AttachAsync(connection, path, dialect, keepsOutput: true, headers);

    /// <summary>Attaches. One that watches a flood keeps no output: that of minutes does not fit into this process.</summary>
    internal static async Task<WireClient> AttachAsync(
        WebSocketUpgrade connection, string path, string dialect, bool keepsOutput, params (string Name, string Value)[] headers)
    {
        int status = await connection.AskAsync(path, dialect, headers);
        Assert.True(status == 101, $"{path}: status {status}");
        return new WireClient(connection, dialect, keepsOutput);
    }

    /// <summary>Waits for a message of a type.</summary>
    internal async Task<ServerMessage> MessageAsync(string type)
    {
        await Said.UntilAsync($"\"type\":\"{type}\"");
        lock (_gate) return _messages.Last(message => message.Type == type);
    }

    internal Task<int> UntilAsync(string text, int from = 0) => Output.UntilAsync(text, from);

    internal Task TypeAsync(string text) => TypeAsync(Encoding.UTF8.GetBytes(text));

    internal Task TypeAsync(byte[] bytes) => _isRaw
        ? _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None)
        : _socket.SendAsync((byte[])[0, .. bytes], WebSocketMessageType.Binary, true, CancellationToken.None);

    internal Task SendTextAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    internal Task ResizeAsync(long columns, long rows) => SendTextAsync($$"""{"type":"resize","cols":{{columns}},"rows":{{rows}}}""");

    /// <summary>A round trip: what was sent before it has been taken when it is over.</summary>
    internal async Task PingAsync(long id)
    {
        await SendTextAsync($$"""{"type":"ping","id":{{id}}}""");
        await Said.UntilAsync($"\"id\":{id}}}");
    }

    /// <summary>Types and pings in one write, as a network may deliver them; over when the pong is there.</summary>
    internal async Task TypeAndPingAsync(string text, byte id)
    {
        // Final frames, masked by zero, of less than 126 bytes (RFC 6455 section 5.2).
        byte[] input = [0, .. Encoding.UTF8.GetBytes(text)];
        byte[] ping = Encoding.UTF8.GetBytes($$"""{"type":"ping","id":{{id}}}""");
        await WriteFrameBytesAsync([0x82, (byte)(0x80 | input.Length), 0, 0, 0, 0, .. input, 0x81, (byte)(0x80 | ping.Length), 0, 0, 0, 0, .. ping]);
        await Said.UntilAsync($"\"id\":{id}}}");
    }

    /// <summary>Writes bytes below the WebSocket, for frames that no client sends.</summary>
    internal async Task WriteFrameBytesAsync(byte[] bytes) => await _connection.Stream.WriteAsync(bytes);

    /// <summary>The close code that the server gave; 0 for a connection that was just cut.</summary>
    internal async Task<int> CloseCodeAsync()
    {
        await _receiving.WaitAsync(Host.Patience);
        return (int)(_socket.CloseStatus ?? 0);
    }

    internal string? CloseReason => _socket.CloseStatusDescription;

    internal void Reset() => _connection.Reset();

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _connection.Dispose();
        if (_reads.CurrentCount == 0) _reads.Release();
        await _receiving;
        _socket.Dispose();
        _reads.Dispose();
    }

    private async Task ReceiveLoopAsync()
    {
        byte[] buffer = new byte[1 << 20];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    await _reads.WaitAsync();
                    _reads.Release();
                    result = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += result.Count;
                }
                while (!result.EndOfMessage);
                if (result.MessageType == WebSocketMessageType.Close) break;
                Take(buffer.AsSpan(0, length), result.MessageType == WebSocketMessageType.Text);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut: by the test itself or by the server. CloseCodeAsync tells.
        }

        Output.End();
        Said.End();
    }

    private void Take(ReadOnlySpan<byte> message, bool isText)
    {
        if (isText)
        {
            lock (_gate) _messages.Add(JsonSerializer.Deserialize(message, WireJsonContext.Default.ServerMessage)!);
            Said.Add([.. message, (byte)'\n']);
            return;
        }

        if (_isRaw)
        {
            Keep(-1, -1, message);
            return;
        }

        bool isOutput = message[0] == 1;
        Assert.True(isOutput || message[0] == 2, $"message type {message[0]}");
        ReadOnlySpan<byte> bytes = message[(isOutput ? 9 : 10)..];
        long offset = BinaryPrimitives.ReadInt64BigEndian(message[(isOutput ? 1 : 2)..]);
        if (isOutput) Keep(offset, offset + bytes.Length, bytes);
        else Keep(-1, (message[1] & 2) != 0 ? offset : -1, bytes);
    }

    private void Keep(long offset, long position, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_keepsOutput) _frames.Add((offset, bytes.ToArray()));
            if (position >= 0) _position = position;
        }

        if (_keepsOutput) Output.Add(bytes);
    }
}
