using System.Buffers.Binary;
using System.Text;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>One message between holder and daemon: kind, item, two numbers, a payload and descriptors, all in one shape.</summary>
/// <param name="Kind">What it says; a kind that is not known is ignored.</param>
/// <param name="Item">The item that it is about.</param>
/// <param name="A">First number.</param>
/// <param name="B">Second number.</param>
public sealed record HolderMessage(MessageKind Kind, long Item = 0, int A = 0, int B = 0)
{
    /// <summary>Version of the protocol; both sides must have the same.</summary>
    public const int ProtocolVersion = 2;

    /// <summary>Bytes of a payload: a record of 64 KiB and room for what is beside it.</summary>
    public const int MaxPayload = MessageSocket.MaxLength - HeaderLength;

    private const int HeaderLength = 17;

    /// <summary>The rest.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload, where it is words.</summary>
    public string Text
    {
        get => Encoding.UTF8.GetString(Payload.Span);
        init => Payload = Encoding.UTF8.GetBytes(value);
    }

    /// <summary>Descriptors; of a received message the receiver's own.</summary>
    public IReadOnlyList<SafeFd> Fds { get; init; } = [];

    internal byte[] Encode()
    {
        byte[] bytes = new byte[HeaderLength + Payload.Length];
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Item);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(9), A);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(13), B);
        Payload.Span.CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }

    internal static HolderMessage Decode(ReadOnlySpan<byte> bytes, IReadOnlyList<SafeFd> fds)
    {
        if (bytes.Length < HeaderLength) throw new IOException("a message between holder and daemon is too short");
        long item = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        int a = BinaryPrimitives.ReadInt32LittleEndian(bytes[9..]);
        int b = BinaryPrimitives.ReadInt32LittleEndian(bytes[13..]);
        return new HolderMessage((MessageKind)bytes[0], item, a, b) { Payload = bytes[HeaderLength..].ToArray(), Fds = fds };
    }
}
