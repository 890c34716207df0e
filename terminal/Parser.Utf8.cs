using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sessiond.Vt;

/// <content>UTF-8: whole runs of code points, and the character that is cut by the end of the bytes.</content>
internal sealed partial class Parser<THandler>
{
    /// <summary>Code points handed on in one call; large enough that the call costs nothing.</summary>
    private const int RunLength = 128;

    private const int Replacement = 0xFFFD;

    /// <summary>A longer stretch of ASCII is printed by itself, eight cells at a time; a shorter one costs less than a call of its own.</summary>
    private const int ShortAscii = 16;

    private readonly int[] _run = new int[RunLength];
    private readonly byte[] _partial = new byte[4];
    private int _partialLength;

    /// <summary>Bytes of the unfinished character.</summary>
    public int PartialLength => _partialLength;

    /// <summary>Decodes from a byte that is not ASCII on, with the words of ASCII in between, up to a control or much ASCII.</summary>
    private int FeedUtf8(ReadOnlySpan<byte> bytes, int i)
    {
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        int[] run = _run;
        int count = 0;
        while (i < bytes.Length)
        {
            int code;
            int length;
            if (bytes[i] < 0x80)
            {
                length = PrintableLength(bytes[i..]);
                if ((uint)(length - 1) >= ShortAscii)
                {
                    break;
                }

                if (count + length >= RunLength)
                {
                    PrintRun(count);
                    count = 0;
                }

                for (int end = i + length; i < end; i++)
                {
                    run[count++] = Unsafe.Add(ref first, i);
                }

                continue;
            }

            if (i <= bytes.Length - sizeof(uint) && (length = Utf8.Decode(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, i)), out code)) > 0)
            {
                // Nearly all there is.
            }
            else
            {
                OperationStatus status = Rune.DecodeFromUtf8(bytes[i..], out Rune rune, out length);
                if (status == OperationStatus.NeedMoreData)
                {
                    PrintRun(count);
                    SequenceStart = _base + i;
                    bytes[i..].CopyTo(_partial);
                    _partialLength = bytes.Length - i;
                    return bytes.Length;
                }

                code = status == OperationStatus.Done ? rune.Value : Replacement;
                if (code < Utf8.FirstGraphic)
                {
                    PrintRun(count);
                    SequenceStart = _base + i;
                    SequenceEnd = _base + i + length;
                    StartC1(code);
                    return i + length;
                }
            }

            i += length;
            run[count++] = code;
            if (count == RunLength)
            {
                PrintRun(count);
                count = 0;
            }
        }

        PrintRun(count);
        return i;
    }

    private void PrintRun(int count)
    {
        if (count > 0)
        {
            _handler.PrintWide(_run.AsSpan(0, count));
        }
    }

    /// <summary>Goes on with a character whose first bytes came with the last call.</summary>
    private int CompletePartial(ReadOnlySpan<byte> bytes, int i)
    {
        while (i < bytes.Length)
        {
            _partial[_partialLength] = bytes[i];
            OperationStatus status = Rune.DecodeFromUtf8(_partial.AsSpan(0, _partialLength + 1), out Rune rune, out int consumed);
            if (status == OperationStatus.NeedMoreData)
            {
                _partialLength++;
                i++;
                continue;
            }

            bool done = status == OperationStatus.Done;
            i += done ? 1 : consumed - _partialLength;
            _partialLength = 0;
            int code = done ? rune.Value : Replacement;
            if (code < Utf8.FirstGraphic)
            {
                SequenceEnd = _base + i;
                StartC1(code);
            }
            else
            {
                _run[0] = code;
                PrintRun(1);
            }

            return i;
        }

        return i;
    }

    /// <summary>A C1 control is the same as ESC and the byte 0x40 below it (ECMA-48 5.3).</summary>
    private void StartC1(int code)
    {
        _sequence.Clear();
        byte b = (byte)(code - 0x40);
        byte transition = ParserTable.Transitions[((int)ParserState.Escape << 7) | b];
        _state = (ParserState)(transition & 0x0F);
        Act((ParserAction)(transition >> 4), b, 0, ParserState.Escape);
    }
}
