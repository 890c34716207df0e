using System.Buffers.Binary;

namespace Sessiond.Daemon.Attach;

/// <summary>Reads a client's frames, RFC 6455 section 5, piece by piece and in place: nothing is gathered but a header and a control payload.</summary>
/// <remarks>
/// frame = FIN/RSV/opcode (1) · MASK/length (1) · extended length (0, 2 or 8) · masking key (4) · payload
/// </remarks>
internal sealed class WebSocketReader
{
    /// <summary>Bytes of one message: a paste of this size is taken piece by piece, a larger one is refused (1009).</summary>
    internal const long MaxMessage = 16 << 20;

    private const int MaxHeader = 14;

    private readonly IWebSocketSink _sink;
    private readonly byte[] _header = new byte[MaxHeader];
    private readonly byte[] _control = new byte[WebSocketFrame.MaxControlPayload];
    private int _headerLength;
    private bool _inPayload;
    private int _opcode;
    private bool _isFinal;
    private long _remaining;
    private uint _mask;
    private int _maskPosition;
    private int _controlLength;
    private bool _messageOpen;
    private bool _messageIsText;
    private bool _pieceIsFirst;
    private long _messageLength;
    private int _frames;

    internal WebSocketReader(IWebSocketSink sink) => _sink = sink;

    /// <summary>Takes received bytes; they are unmasked in place.</summary>
    /// <returns>0, or the close code of what the client did wrong; nothing more may be read then.</returns>
    internal int Read(Span<byte> bytes)
    {
        while (true)
        {
            if (!_inPayload)
            {
                int error = ReadHeader(ref bytes, out bool isComplete);
                if (error != 0 || !isComplete) return error;
            }

            int count = (int)Math.Min(_remaining, bytes.Length);
            Unmask(bytes[..count]);
            _remaining -= count;
            Deliver(bytes[..count]);
            bytes = bytes[count..];
            if (_remaining > 0) return 0;
            _inPayload = false;
            if (bytes.IsEmpty) return 0;
        }
    }

    /// <summary>Frames that began since the last call.</summary>
    internal int TakeFrameCount()
    {
        int count = _frames;
        _frames = 0;
        return count;
    }

    private int ReadHeader(ref Span<byte> bytes, out bool isComplete)
    {
        isComplete = false;
        while (_headerLength < HeaderNeeded())
        {
            if (bytes.IsEmpty) return 0;
            _header[_headerLength++] = bytes[0];
            bytes = bytes[1..];
        }

        isComplete = true;
        _headerLength = 0;
        return BeginFrame();
    }

    /// <summary>How long the header is, as far as the bytes so far tell.</summary>
    private int HeaderNeeded()
    {
        if (_headerLength < 2) return 2;
        int extended = (_header[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };
        return 2 + extended + ((_header[1] & 0x80) != 0 ? 4 : 0);
    }

    private int BeginFrame()
    {
        _frames++;
        _isFinal = (_header[0] & 0x80) != 0;
        _opcode = _header[0] & 0x0F;
        // Reserved bits belong to extensions and none was agreed on; a client must mask (section 5.1).
        if ((_header[0] & 0x70) != 0 || (_header[1] & 0x80) == 0) return CloseCode.ProtocolError;
        (ulong length, int keyAt) = (_header[1] & 0x7F) switch
        {
            126 => (BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)), 4),
            127 => (BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)), 10),
            var small => ((ulong)small, 2),
        };
        _mask = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(keyAt));
        _maskPosition = 0;
        _inPayload = true;
        if (_opcode >= WebSocketFrame.OpClose) return BeginControl(length);
        return BeginData(length);
    }

    private int BeginControl(ulong length)
    {
        bool isKnown = _opcode is WebSocketFrame.OpClose or WebSocketFrame.OpPing or WebSocketFrame.OpPong;
        if (!isKnown || !_isFinal || length > WebSocketFrame.MaxControlPayload) return CloseCode.ProtocolError;
        _remaining = (long)length;
        _controlLength = 0;
        return 0;
    }

    private int BeginData(ulong length)
    {
        bool isContinuation = _opcode == WebSocketFrame.OpContinuation;
        if (_opcode > WebSocketFrame.OpBinary || isContinuation != _messageOpen) return CloseCode.ProtocolError;
        if (!isContinuation)
        {
            _messageIsText = _opcode == WebSocketFrame.OpText;
            _messageLength = 0;
            _pieceIsFirst = true;
        }

        if (length > MaxMessage || _messageLength + (long)length > MaxMessage) return CloseCode.TooLarge;
        _messageLength += (long)length;
        _messageOpen = !_isFinal;
        _remaining = (long)length;
        return 0;
    }

    private void Deliver(ReadOnlySpan<byte> piece)
    {
        if (_opcode >= WebSocketFrame.OpClose)
        {
            piece.CopyTo(_control.AsSpan(_controlLength));
            _controlLength += piece.Length;
            if (_remaining == 0) _sink.OnControl(_opcode, _control.AsSpan(0, _controlLength));
            return;
        }

        bool isLast = _isFinal && _remaining == 0;
        if (piece.IsEmpty && !isLast) return;
        _sink.OnMessage(_messageIsText, piece, _pieceIsFirst, isLast);
        _pieceIsFirst = false;
    }

    private void Unmask(Span<byte> bytes)
    {
        uint key = System.Numerics.BitOperations.RotateRight(_mask, 8 * (_maskPosition & 3));
        _maskPosition += bytes.Length;
        Span<uint> words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(bytes);
        for (int i = 0; i < words.Length; i++) words[i] ^= key;
        for (int i = words.Length * 4; i < bytes.Length; i++) bytes[i] ^= (byte)(key >> (8 * (i & 3)));
    }
}
