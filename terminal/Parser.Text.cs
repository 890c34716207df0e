using System.Buffers;

namespace Sessiond.Vt;

/// <content>Strings: OSC, DCS, APC, PM and SOS.</content>
internal sealed partial class Parser<THandler>
{
    /// <summary>BEL, CAN, SUB, ESC, and the second byte of U+009C (ST as a C1 control in UTF-8).</summary>
    private static readonly SearchValues<byte> _textEnds = SearchValues.Create([0x07, 0x18, 0x1A, Esc, 0x9C]);

    private byte _previousTextByte;

    private void StartText(StringKind kind)
    {
        OpenString = kind;
        TextOverflowed = false;
        _textLength = 0;
        _previousTextByte = 0;
    }

    private int FeedText(ReadOnlySpan<byte> bytes, int i)
    {
        ReadOnlySpan<byte> rest = bytes[i..];
        int length = rest.IndexOfAny(_textEnds);
        if (length < 0)
        {
            Keep(rest);
            return bytes.Length;
        }

        Keep(rest[..length]);
        byte end = rest[length];
        i += length + 1;
        SequenceEnd = _base + i;
        switch (end)
        {
            case Esc:
                _escapeAt = _base + i - 1;
                _state = ParserState.TextEscape;
                break;
            case 0x07 when OpenString == StringKind.Osc:
                EndText(SequenceEnd, byBell: true);
                _state = ParserState.Ground;
                break;
            case 0x18 or 0x1A:
                OpenString = StringKind.None;
                ReleaseText();
                _state = ParserState.Ground;
                break;
            case 0x9C when _previousTextByte == 0xC2:
                _textLength -= TextOverflowed ? 0 : 1;
                EndText(SequenceEnd, byBell: false);
                _state = ParserState.Ground;
                break;
            default:
                Keep([end]);
                break;
        }

        return i;
    }

    /// <summary>The byte after ESC in a string: a backslash ends it, anything else does so too and starts a sequence.</summary>
    private int FeedTextEscape(byte b, int i)
    {
        if (b == '\\')
        {
            EndText(_base + i + 1, byBell: false);
            _state = ParserState.Ground;
            return i + 1;
        }

        EndText(_escapeAt, byBell: false);
        SequenceStart = _escapeAt;
        _sequence.Clear();
        _state = ParserState.Escape;
        return i;
    }

    private void EndText(long end, bool byBell)
    {
        SequenceEnd = end;
        StringKind kind = OpenString;
        OpenString = StringKind.None;
        if (!TextOverflowed)
        {
            _handler.TextDispatch(kind, _sequence, _text.AsSpan(0, _textLength), byBell);
        }

        ReleaseText();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _previousTextByte = bytes[^1];

        // Only an OSC may be long and mean something; graphics in a DCS or APC are not kept at all.
        int limit = OpenString == StringKind.Osc ? MaxTextBytes : MaxHeldBytes;
        if (TextOverflowed || _textLength + bytes.Length > limit)
        {
            TextOverflowed = true;
            return;
        }

        if (_textLength + bytes.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Min(MaxTextBytes, Math.Max(256, Math.Max(_text.Length * 2, _textLength + bytes.Length))));
        }

        bytes.CopyTo(_text.AsSpan(_textLength));
        _textLength += bytes.Length;
    }

    private void ReleaseText()
    {
        _textLength = 0;
        if (_text.Length > KeptTextBytes)
        {
            _text = [];
        }
    }
}
