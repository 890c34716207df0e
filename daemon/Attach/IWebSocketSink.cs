namespace Sessiond.Daemon.Attach;

/// <summary>Takes what a <see cref="WebSocketReader"/> finds.</summary>
internal interface IWebSocketSink
{
    /// <summary>A piece of a message, as it came: messages are not gathered.</summary>
    /// <param name="isText">Text or binary.</param>
    /// <param name="piece">The bytes, unmasked.</param>
    /// <param name="isFirst">The message begins here.</param>
    /// <param name="isLast">The message ends here.</param>
    void OnMessage(bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast);

    /// <summary>A whole ping, pong or close frame.</summary>
    void OnControl(int opcode, ReadOnlySpan<byte> payload);
}
