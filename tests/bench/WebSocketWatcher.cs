using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Sessiond.Bench;

/// <summary>
/// The least that a WebSocket client can be (RFC 6455): it looks at frame headers and at nothing else, so that the daemon is measured and not the client.
/// </summary>
internal sealed class WebSocketWatcher : IWatcher
{
    private const int Binary = 2;
    private const int Close = 8;
    private const int Ping = 9;
    private const int Pong = 10;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[262144];
    private readonly byte[] _sent = new byte[14 + 125];
    private int _start;
    private int _end;
    private long _remaining;

    private WebSocketWatcher(Socket socket) => _socket = socket;

    /// <summary>Opcode of the frame that <see cref="Read"/> returned bytes of.</summary>
    internal int Opcode { get; private set; }

    /// <summary>Bytes that are taken from the socket at once: what a slow line brings.</summary>
    internal int MaxRead { get; set; } = int.MaxValue;

    /// <summary>Whether <see cref="Read"/> has returned the last bytes of a frame.</summary>
    internal bool AtFrameEnd => _remaining == 0;

    /// <summary>Connects and asks for the upgrade.</summary>
    /// <exception cref="IOException">The daemon refused.</exception>
    internal static WebSocketWatcher Connect(string socketPath, string pathAndQuery, string? protocol)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            string offer = protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n";
            socket.Send(Encoding.ASCII.GetBytes(
                $"GET {pathAndQuery} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{offer}\r\n"));
            var watcher = new WebSocketWatcher(socket);
            watcher.ReadUpgrade();
            return watcher;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException) throw new IOException(exception.Message, exception);
            throw;
        }
    }

    public ReadOnlySpan<byte> Read()
    {
        while (true)
        {
            if (_remaining == 0 && !ReadHeader()) return default;
            if (Opcode == Close) return default;
            if (Opcode == Ping) AnswerPing();
            if (_remaining == 0) continue;
            if (_start == _end && !Fill()) return default;
            int count = (int)Math.Min(_remaining, _end - _start);
            ReadOnlySpan<byte> payload = _buffer.AsSpan(_start, count);
            _start += count;
            _remaining -= count;
            if (Opcode <= Binary) return payload;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 125)
        {
            SendFrame(Binary, bytes[..125]);
            bytes = bytes[125..];
        }

        SendFrame(Binary, bytes);
    }

    public void Dispose() => _socket.Dispose();

    private void ReadUpgrade()
    {
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!Fill()) throw new IOException("the daemon closed the connection before an answer");
        }

        string head = Encoding.ASCII.GetString(_buffer, 0, headEnd);
        if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) throw new IOException(head.Split('\r')[0]);
        _start = headEnd + 4;
    }

    private bool ReadHeader()
    {
        if (!Have(2)) return false;
        int length = _buffer[_start + 1] & 0x7F;
        int size = length switch { 126 => 4, 127 => 10, _ => 2 };
        if (!Have(size)) return false;
        Opcode = _buffer[_start] & 0x0F;
        ReadOnlySpan<byte> extended = _buffer.AsSpan(_start + 2);
        _remaining = length switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(extended),
            127 => BinaryPrimitives.ReadInt64BigEndian(extended),
            _ => length,
        };
        _start += size;
        return true;
    }

    /// <summary>Control frames come whole and small (RFC 6455, 5.5).</summary>
    private void AnswerPing()
    {
        int length = (int)_remaining;
        if (!Have(length)) return;
        SendFrame(Pong, _buffer.AsSpan(_start, length));
        _start += length;
        _remaining = 0;
    }

    /// <summary>A masked frame with a mask of zeros: legal, and no byte needs to be changed.</summary>
    private void SendFrame(int opcode, ReadOnlySpan<byte> payload)
    {
        _sent[0] = (byte)(0x80 | opcode);
        _sent[1] = (byte)(0x80 | payload.Length);
        payload.CopyTo(_sent.AsSpan(6));
        _socket.Send(_sent.AsSpan(0, 6 + payload.Length));
    }

    private bool Have(int count)
    {
        if (_buffer.Length - _start < count)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        while (_end - _start < count)
        {
            if (!Fill()) return false;
        }

        return true;
    }

    private bool Fill()
    {
        if (_start == _end) _start = _end = 0;
        try
        {
            int count = _socket.Receive(_buffer.AsSpan(_end, Math.Min(MaxRead, _buffer.Length - _end)));
            _end += count;
            return count > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
