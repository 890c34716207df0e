using System.Buffers.Binary;
using System.Text;

namespace Sessiond.Daemon.Tests;

/// <summary>Frames as a client writes them, RFC 6455 section 5.2: masked.</summary>
internal static class ClientFrame
{
    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];

    internal static byte[] Text(string text) => Of(0x81, Encoding.UTF8.GetBytes(text));

    internal static byte[] Binary(byte[] payload) => Of(0x82, payload);

    /// <summary>A frame with any first byte.</summary>
    internal static byte[] Of(byte first, byte[] payload)
    {
        byte[] masked = [.. payload.Select((value, i) => (byte)(value ^ Key[i % 4]))];
        return [.. Header(first, payload.Length), .. masked];
    }

    /// <summary>A header alone, for lengths that nobody wants to send.</summary>
    internal static byte[] Header(byte first, ulong length) => length switch
    {
        <= 125 => [first, (byte)(0x80 | length), .. Key],
        <= ushort.MaxValue => [first, 0xFE, (byte)(length >> 8), (byte)length, .. Key],
        _ => Long(first, length),
    };

    private static byte[] Header(byte first, int length) => Header(first, (ulong)length);

    private static byte[] Long(byte first, ulong length)
    {
        byte[] header = new byte[14];
        header[0] = first;
        header[1] = 0xFF;
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(2), length);
        Key.CopyTo(header, 10);
        return header;
    }
}
