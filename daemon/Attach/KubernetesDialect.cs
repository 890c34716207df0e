using System.Text.Json;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>
/// Kubernetes remotecommand, <c>v5.channel.k8s.io</c> and <c>v4.channel.k8s.io</c>: a channel's number, then its bytes. A snapshot is output like any other.
/// </summary>
internal sealed class KubernetesDialect(string subprotocol) : AttachDialect
{
    internal const string Version5 = "v5.channel.k8s.io";
    internal const string Version4 = "v4.channel.k8s.io";

    /// <summary>Bytes of one message of channel 4: two numbers.</summary>
    private const int MaxResize = 1024;

    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Status = 3;
    private const byte Resize = 4;
    private const byte CloseChannel = 255;
    private const int NoChannel = -1;

    private static readonly byte[] EmptyOutput = WebSocketFrame.Encode(WebSocketFrame.OpBinary, [Output]);

    private readonly byte[] _control = new byte[MaxResize];
    private int _controlLength;
    private int _channel = NoChannel;
    private bool _inputClosed;

    internal override string? Subprotocol => subprotocol;

    internal override bool TellsSize => false;

    /// <summary>Clients wait for a first message before they count as connected.</summary>
    internal override ReadOnlySpan<byte> Greeting => EmptyOutput;

    internal override int EndCode => CloseCode.Normal;

    internal override int WriteOutputPrefix(Span<byte> target, long offset, int payloadLength)
    {
        int length = WebSocketFrame.WriteHeader(target, WebSocketFrame.OpBinary, 1 + payloadLength);
        target[length] = Output;
        return length + 1;
    }

    internal override int WriteSnapshotPrefix(Span<byte> target, long offset, int payloadLength, bool isFirst, bool isLast) =>
        WriteOutputPrefix(target, offset, payloadLength);

    internal override byte[]? Encode(ServerMessage message) => null;

    internal override byte[]? EncodeEnd(ExitStatus status)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(KubernetesStatus.Of(status.ShellCode), WireJsonContext.Default.KubernetesStatus);
        return WebSocketFrame.Encode(WebSocketFrame.OpBinary, [Status, .. json]);
    }

    internal override int Receive(Attachment attachment, bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast)
    {
        if (isFirst) _channel = NoChannel;
        if (_channel == NoChannel && !piece.IsEmpty)
        {
            _channel = piece[0];
            _controlLength = 0;
            piece = piece[1..];
        }

        switch (_channel)
        {
            case Input when !_inputClosed:
                attachment.Type(piece);
                return 0;
            case Resize:
            case CloseChannel:
                return ReceiveControl(attachment, piece, isLast);
            default:
                // Channels that a server only writes, or of a later version (I15).
                return 0;
        }
    }

    private int ReceiveControl(Attachment attachment, ReadOnlySpan<byte> piece, bool isLast)
    {
        if (_controlLength + piece.Length > MaxResize) return CloseCode.TooLarge;
        piece.CopyTo(_control.AsSpan(_controlLength));
        _controlLength += piece.Length;
        if (!isLast) return 0;
        ReadOnlySpan<byte> control = _control.AsSpan(0, _controlLength);
        if (_channel == CloseChannel)
        {
            _inputClosed |= control is [Input];
            return 0;
        }

        try
        {
            KubernetesSize? size = JsonSerializer.Deserialize(control, KubernetesJsonContext.Default.KubernetesSize);
            if (size is { Width: > 0, Height: > 0 }) attachment.Receive(new ClientMessage { Type = "resize", Cols = size.Width, Rows = size.Height });
        }
        catch (JsonException)
        {
            return CloseCode.WrongKind;
        }

        return 0;
    }
}
