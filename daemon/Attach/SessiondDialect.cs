using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>
/// The <c>sessiond.v1</c> dialect: binary <c>[u8 type][payload]</c> with offsets, text one JSON object (docs/protocol.md).
/// </summary>
internal sealed class SessiondDialect : AttachDialect
{
    internal const string Name = "sessiond.v1";

    /// <summary>Bytes of one JSON message of a client: a resize or an ack is a line; a profile with a palette is some KB.</summary>
    private const int MaxText = 64 * 1024;

    private const byte TypeInput = 0;
    private const byte TypeOutput = 1;
    private const byte TypeSnapshot = 2;
    private const byte SnapshotBegin = 1;
    private const byte SnapshotEnd = 2;

    private ArrayBufferWriter<byte>? _text;
    private int _type = -1;

    internal override string? Subprotocol => Name;

    internal override bool TellsSize => true;

    internal override int WriteOutputPrefix(Span<byte> target, long offset, int payloadLength)
    {
        int length = WebSocketFrame.WriteHeader(target, WebSocketFrame.OpBinary, 9 + payloadLength);
        target[length] = TypeOutput;
        BinaryPrimitives.WriteInt64BigEndian(target[(length + 1)..], offset);
        return length + 9;
    }

    internal override int WriteSnapshotPrefix(Span<byte> target, long offset, int payloadLength, bool isFirst, bool isLast)
    {
        int length = WebSocketFrame.WriteHeader(target, WebSocketFrame.OpBinary, 10 + payloadLength);
        target[length] = TypeSnapshot;
        target[length + 1] = (byte)((isFirst ? SnapshotBegin : 0) | (isLast ? SnapshotEnd : 0));
        BinaryPrimitives.WriteInt64BigEndian(target[(length + 2)..], offset);
        return length + 10;
    }

    internal override byte[]? Encode(ServerMessage message) =>
        WebSocketFrame.Encode(WebSocketFrame.OpText, JsonSerializer.SerializeToUtf8Bytes(message, WireJsonContext.Default.ServerMessage));

    internal override int Receive(Attachment attachment, bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast)
    {
        if (isText) return ReceiveText(attachment, piece, isFirst, isLast);
        if (isFirst) _type = -1;
        if (_type < 0 && !piece.IsEmpty)
        {
            _type = piece[0];
            piece = piece[1..];
        }

        // A type of a later version is passed over (I15).
        if (_type == TypeInput) attachment.Type(piece);
        return 0;
    }

    private int ReceiveText(Attachment attachment, ReadOnlySpan<byte> piece, bool isFirst, bool isLast)
    {
        _text ??= new ArrayBufferWriter<byte>();
        if (isFirst) _text.ResetWrittenCount();
        if (_text.WrittenCount + piece.Length > MaxText) return CloseCode.TooLarge;
        _text.Write(piece);
        if (!isLast) return 0;
        ClientMessage? message;
        try
        {
            message = JsonSerializer.Deserialize(_text.WrittenSpan, WireJsonContext.Default.ClientMessage);
        }
        catch (JsonException)
        {
            return CloseCode.WrongKind;
        }

        if (message?.Type is not null) attachment.Receive(message);
        return 0;
    }
}
