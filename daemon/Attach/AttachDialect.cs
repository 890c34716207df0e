using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>How a session's bytes and messages look on one kind of WebSocket.</summary>
internal abstract class AttachDialect
{
    /// <summary>Bytes of the longest prefix that a dialect puts before a payload, frame header included.</summary>
    internal const int MaxPrefix = WebSocketFrame.MaxHeader + 16;

    /// <summary>The subprotocol, as the client asked for it; null: none is named.</summary>
    internal abstract string? Subprotocol { get; }

    /// <summary>True where a change of size is told by a message; else it is followed by a snapshot.</summary>
    internal abstract bool TellsSize { get; }

    /// <summary>Frames that are sent before anything else.</summary>
    internal virtual ReadOnlySpan<byte> Greeting => [];

    /// <summary>What the WebSocket is closed with after the program ended.</summary>
    internal virtual int EndCode => CloseCode.SessionEnded;

    /// <summary>The frame that tells how the program ended, where that is no <see cref="ServerMessage"/>; null where the dialect has no such thing.</summary>
    internal virtual byte[]? EncodeEnd(ExitStatus status) => null;

    /// <summary>Writes what precedes output bytes; returns its length.</summary>
    internal abstract int WriteOutputPrefix(Span<byte> target, long offset, int payloadLength);

    /// <summary>Writes what precedes a part of a snapshot; returns its length.</summary>
    internal abstract int WriteSnapshotPrefix(Span<byte> target, long offset, int payloadLength, bool isFirst, bool isLast);

    /// <summary>The frame of a message; null where the dialect has no such thing.</summary>
    internal abstract byte[]? Encode(ServerMessage message);

    /// <summary>Takes a piece of a client's message.</summary>
    /// <returns>0, or a close code.</returns>
    internal abstract int Receive(Attachment attachment, bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast);

    /// <summary>Chooses by the subprotocols that the client offers; null when it offers dialects and none is known.</summary>
    internal static AttachDialect? Choose(IReadOnlyList<string> offered)
    {
        foreach (string name in offered)
        {
            if (name == SessiondDialect.Name) return new SessiondDialect();
            if (name is KubernetesDialect.Version5 or KubernetesDialect.Version4) return new KubernetesDialect(name);
            if (name == RawDialect.Name) return new RawDialect(RawDialect.Name);
        }

        return offered.Count == 0 ? new RawDialect(null) : null;
    }
}
