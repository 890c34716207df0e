using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sessiond.Vt;

/// <summary>
/// Splits a UTF-8 byte stream into text, controls and sequences (<see cref="ParserTable"/>). Text runs and complete
/// CSI sequences, nearly all of what programs print, are recognised without the table. It knows no meaning.
/// </summary>
internal sealed partial class Parser<THandler>(THandler handler, long offset)
    where THandler : struct, IParserHandler
{
    /// <summary>
    /// Longest sequence or string that is held back until it is complete (docs/protocol.md); all real queries and SGR are
    /// far shorter.
    /// </summary>
    public const int MaxHeldBytes = 4096;

    /// <summary>
    /// Bytes of a string that are kept, the rest is dropped: 768 KiB of clipboard text, the longest that matters to us.
    /// </summary>
    public const int MaxTextBytes = 1 << 20;

    /// <summary>A larger buffer is given back after its string.</summary>
    private const int KeptTextBytes = 4096;

    private const byte Esc = 0x1B;
    private byte[] _deferred = [];
    private readonly ControlSequence _sequence = new();
    private readonly THandler _handler = handler;
    private ParserState _state;
    private int _deferredCount;
    private byte[] _text = [];
    private int _textLength;
    private long _base = offset;
    private long _escapeAt;

    /// <summary>Position after the last byte that was fed.</summary>
    public long Offset => _base;

    /// <summary>Position of the first byte of the sequence, string or character that is unfinished or being dispatched.</summary>
    public long SequenceStart { get; private set; } = offset;

    /// <summary>Position after the sequence that is being dispatched.</summary>
    public long SequenceEnd { get; private set; } = offset;

    /// <summary>Kind of the string the parser is in.</summary>
    public StringKind OpenString { get; private set; }

    /// <summary>The open string as far as it was read and kept.</summary>
    public ReadOnlySpan<byte> OpenText => _text.AsSpan(0, _textLength);

    /// <summary>The header of the open DCS.</summary>
    public ControlSequence OpenSequence => _sequence;

    /// <summary>More of the open string came than is kept.</summary>
    public bool TextOverflowed { get; private set; }

    public ParserState State => _state;

    /// <summary>Between sequences and between characters.</summary>
    public bool IsAtRest => _state == ParserState.Ground && _partialLength == 0;

    /// <summary>The unfinished sequence is too long to be held back.</summary>
    public bool IsReleased => !IsAtRest && _base - SequenceStart > MaxHeldBytes;

    /// <summary>See <see cref="Terminal.PublishOffset"/>.</summary>
    public long RestOffset => IsAtRest || IsReleased ? _base : SequenceStart;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        while (i < bytes.Length)
        {
            i = _state == ParserState.Ground ? FeedGround(bytes, i) : FeedSequence(bytes, i);
        }

        _base += bytes.Length;
    }

    public void Reset()
    {
        _state = ParserState.Ground;
        _deferredCount = 0;
        _partialLength = 0;
        OpenString = StringKind.None;
    }

    private int FeedGround(ReadOnlySpan<byte> bytes, int i)
    {
        if (_partialLength != 0)
        {
            i = CompletePartial(bytes, i);
            if (_state != ParserState.Ground)
            {
                return i;
            }
        }

        while (i < bytes.Length)
        {
            byte b = bytes[i];
            if (b is >= 0x20 and < 0x7F)
            {
                int length = PrintableLength(bytes[i..]);
                _handler.PrintAscii(bytes.Slice(i, length));
                i += length;
            }
            else if (b == Esc)
            {
                int rendition = _handler.TrySelectRendition(bytes[i..]);
                int end = rendition > 0 ? i + rendition : TryDispatchCsi(bytes, i);
                if (end == 0)
                {
                    SequenceStart = _base + i;
                    _state = ParserState.Escape;
                    _sequence.Clear();
                    return i + 1;
                }

                i = end;
            }
            else if (b < 0x20)
            {
                SequenceStart = _base + i;
                SequenceEnd = SequenceStart + 1;
                _handler.Execute(b);
                i++;
            }
            else if (b == 0x7F)
            {
                i++;
            }
            else
            {
                int printed = _handler.PrintUtf8(bytes[i..]);
                if (printed > 0)
                {
                    i += printed;
                    continue;
                }

                i = FeedUtf8(bytes, i);
                if (_state != ParserState.Ground)
                {
                    return i;
                }
            }
        }

        return i;
    }

    /// <summary>Number of bytes up to the first that is not in 0x20-0x7E.</summary>
    private static int PrintableLength(ReadOnlySpan<byte> bytes)
    {
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        int i = 0;
        for (; i <= bytes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            // Moved so that the range is the lowest signed numbers: one comparison does.
            Vector128<sbyte> moved = (Vector128.LoadUnsafe(ref first, (nuint)i) + Vector128.Create((byte)0x60)).AsSByte();
            uint others = Vector128.GreaterThan(moved, Vector128.Create((sbyte)(0x7E - 0x20 - 0x80))).ExtractMostSignificantBits();
            if (others != 0)
            {
                return i + BitOperations.TrailingZeroCount(others);
            }
        }

        while (i < bytes.Length && (uint)(Unsafe.Add(ref first, i) - 0x20) <= 0x7E - 0x20)
        {
            i++;
        }

        return i;
    }

    /// <summary>
    /// Reads <c>ESC [ [&lt;=&gt;?] [0-9:;]* I* F</c> when all of it is there and nothing unusual is in it. Returns the
    /// position after it, or 0 to leave it to the table.
    /// </summary>
    private int TryDispatchCsi(ReadOnlySpan<byte> bytes, int start)
    {
        int i = start + 1;
        if (i >= bytes.Length || bytes[i] != '[')
        {
            return 0;
        }

        ControlSequence sequence = _sequence;
        sequence.Clear();
        i++;
        if (i < bytes.Length && bytes[i] is >= (byte)'<' and <= (byte)'?')
        {
            sequence.SetPrefix(bytes[i++]);
        }

        i = sequence.AddParameters(bytes, i);
        while (i < bytes.Length && bytes[i] is >= 0x20 and <= 0x2F)
        {
            sequence.AddIntermediate(bytes[i++]);
        }

        if (i >= bytes.Length || bytes[i] is < 0x40 or > 0x7E || i - start > MaxHeldBytes)
        {
            return 0;
        }

        SequenceStart = _base + start;
        SequenceEnd = _base + i + 1;
        sequence.Final = bytes[i];
        _handler.CsiDispatch(sequence);
        return i + 1;
    }

    private int FeedSequence(ReadOnlySpan<byte> bytes, int i)
    {
        byte[] table = ParserTable.Transitions;
        while (i < bytes.Length && _state != ParserState.Ground)
        {
            if (_state == ParserState.Text)
            {
                i = FeedText(bytes, i);
                continue;
            }

            byte b = bytes[i];
            if (b >= 0x80)
            {
                if (_state == ParserState.TextEscape)
                {
                    EndText(_escapeAt, byBell: false);
                }

                // No sequence holds such a byte: it is given up, and the character is printed.
                if (_state != ParserState.DcsIgnore)
                {
                    FlushDeferred();
                    _state = ParserState.Ground;
                    return i;
                }

                i++;
                continue;
            }

            byte transition = table[((int)_state << 7) | b];
            SequenceEnd = _base + i + 1;
            if (_state == ParserState.TextEscape)
            {
                i = FeedTextEscape(b, i);
                continue;
            }

            ParserState previous = _state;
            _state = (ParserState)(transition & 0x0F);
            Act((ParserAction)(transition >> 4), b, i, previous);
            i++;
            if (i + _base - SequenceStart > MaxHeldBytes && _state is not (ParserState.Ground or ParserState.Text))
            {
                GiveUp();
            }
        }

        return i;
    }

    /// <summary>
    /// The sequence is too long to be held back: it has no effect, and what waited in it takes effect now, as bytes from
    /// here on are published.
    /// </summary>
    private void GiveUp()
    {
        FlushDeferred();
        _state = _state is ParserState.DcsEntry or ParserState.DcsParam or ParserState.DcsIntermediate or ParserState.DcsIgnore
            ? ParserState.DcsIgnore
            : ParserState.CsiIgnore;
    }

    private void Act(ParserAction action, byte b, int at, ParserState previous)
    {
        switch (action)
        {
            case ParserAction.Execute:
                Defer(b);
                break;
            case ParserAction.Cancel:
                FlushDeferred();
                break;
            case ParserAction.Collect:
                _sequence.AddIntermediate(b);
                break;
            case ParserAction.Prefix:
                _sequence.SetPrefix(b);
                break;
            case ParserAction.Param:
                _sequence.AddParameterByte(b);
                break;
            case ParserAction.EscDispatch:
                FlushDeferred();
                _sequence.Final = b;
                _handler.EscDispatch(_sequence);
                break;
            case ParserAction.CsiDispatch:
                FlushDeferred();
                _sequence.Final = b;
                _handler.CsiDispatch(_sequence);
                break;
            case ParserAction.TextStart:
                FlushDeferred();
                _sequence.Final = b;
                StartText(previous == ParserState.Escape ? (StringKind)b : StringKind.Dcs);
                break;
            case ParserAction.Restart:
                FlushDeferred();
                SequenceStart = _base + at;
                _sequence.Clear();
                break;
        }
    }

    private void Defer(byte control)
    {
        if (SequenceEnd - SequenceStart > MaxHeldBytes)
        {
            _handler.Execute(control);
            return;
        }

        if (_deferredCount == _deferred.Length)
        {
            Array.Resize(ref _deferred, Math.Max(16, _deferredCount * 2));
        }

        _deferred[_deferredCount++] = control;
    }

    private void FlushDeferred()
    {
        for (int i = 0; i < _deferredCount; i++)
        {
            _handler.Execute(_deferred[i]);
        }

        _deferredCount = 0;
    }
}
