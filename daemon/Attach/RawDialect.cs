using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>Terminal bytes and nothing else, both ways: what websocat and xterm.js's AttachAddon speak.</summary>
internal sealed class RawDialect(string? subprotocol) : AttachDialect
{
    internal const string Name = "raw.sessiond.v1";

    internal override string? Subprotocol => subprotocol;

    internal override bool TellsSize => false;

    internal override int WriteOutputPrefix(Span<byte> target, long offset, int payloadLength) =>
        WebSocketFrame.WriteHeader(target, WebSocketFrame.OpBinary, payloadLength);

    internal override int WriteSnapshotPrefix(Span<byte> target, long offset, int payloadLength, bool isFirst, bool isLast) =>
        WebSocketFrame.WriteHeader(target, WebSocketFrame.OpBinary, payloadLength);

    internal override byte[]? Encode(ServerMessage message) => null;

    internal override int Receive(Attachment attachment, bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast)
    {
        attachment.Type(piece);
        return 0;
    }
}
