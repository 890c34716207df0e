using System.Buffers.Binary;

namespace Sessiond.Daemon.Attach;

/// <summary>Frames as RFC 6455 section 5.2 lays them out, server side: never masked, never compressed.</summary>
internal static class WebSocketFrame
{
    internal const int OpContinuation = 0;
    internal const int OpText = 1;
    internal const int OpBinary = 2;
    internal const int OpClose = 8;
    internal const int OpPing = 9;
    internal const int OpPong = 10;

    /// <summary>Bytes of the longest header that a server writes.</summary>
    internal const int MaxHeader = 10;

    /// <summary>Bytes of payload that a control frame may have, section 5.5.</summary>
    internal const int MaxControlPayload = 125;

    private const byte Final = 0x80;

    /// <summary>Writes the header of an unfragmented message; returns its length in bytes.</summary>
    internal static int WriteHeader(Span<byte> target, int opcode, int payloadLength)
    {
        target[0] = (byte)(Final | opcode);
        if (payloadLength <= MaxControlPayload)
        {
            target[1] = (byte)payloadLength;
            return 2;
        }

        if (payloadLength <= ushort.MaxValue)
        {
            target[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payloadLength);
            return 4;
        }

        target[1] = 127;
        BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)payloadLength);
        return MaxHeader;
    }

    /// <summary>A whole message in one array.</summary>
    internal static byte[] Encode(int opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[MaxHeader];
        int length = WriteHeader(header, opcode, payload.Length);
        byte[] frame = new byte[length + payload.Length];
        header[..length].CopyTo(frame);
        payload.CopyTo(frame.AsSpan(length));
        return frame;
    }

    /// <summary>A close frame; the reason is cut to what a control frame holds.</summary>
    internal static byte[] EncodeClose(int code, string reason)
    {
        byte[] payload = new byte[MaxControlPayload];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        System.Text.Unicode.Utf8.FromUtf16(reason, payload.AsSpan(2), out _, out int written);
        return Encode(OpClose, payload.AsSpan(0, 2 + written));
    }
}
