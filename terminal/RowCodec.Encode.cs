using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Sessiond.Vt;

/// <content>Encoding a row, for each line that scrolls out: one of the two hot paths of the engine, the other is printing.</content>
internal sealed partial class RowCodec
{
    /// <summary>Bytes of a UTF-8 character that are written at once, of which the last may be surplus; and a token.</summary>
    private const int MaxPlainBytes = ByteWriter.MaxUtf8Bytes + 1;

    /// <summary>Bytes of a run's length (three, up to 2^21 cells) and of a style of <see cref="StyleEncodings"/>.</summary>
    private const int MaxRunBytes = 3 + StyleEncodings.MaxBytes;

    private readonly ByteWriter _writer = new();
    private readonly StyleEncodings _encodings = new();

    /// <summary>Numbers of styles mean other styles from now on.</summary>
    public void ForgetStyles() => _encodings.Clear();

    /// <summary>The encoded row; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(Row row)
    {
        _writer.Clear();
        if (row.IsText)
        {
            EncodeText(row, _writer.Extend(TextLength(row.Text)));
            EncodeRuns(row.Text.Runs, row.Used);
            return _writer.Written;
        }

        ReadOnlySpan<Cell> cells = row.Wrapped ? row.Cells : row.Cells[..row.TrimmedLength()];
        RowFlags flags = FlagsOf(row);
        RowContents contents = row.Contents;
        if ((contents & RowContents.Unknown) != 0)
        {
            contents = ContentsOf(cells);
        }

        if ((contents & RowContents.Characters) == 0)
        {
            _writer.Add((byte)(flags | RowFlags.Ascii));
            _writer.AddVarint((uint)cells.Length);
            Narrow(cells, _writer.Extend(cells.Length));
        }
        else
        {
            _writer.Add((byte)flags);
            EncodeText(cells);
        }

        if ((contents & RowContents.Styles) != 0)
        {
            EncodeRuns(cells);
        }

        return _writer.Written;
    }

    /// <summary>Bytes of a row that is text, without its runs.</summary>
    public static int TextLength(RowText text) => 1 + LengthOfLength(text.Bytes.Length) + text.Bytes.Length;

    /// <summary>Encodes a row that is text, without its runs, into as many bytes.</summary>
    public static void EncodeText(Row row, Span<byte> target)
    {
        ReadOnlySpan<byte> text = row.Text.Bytes;
        target[0] = (byte)(FlagsOf(row) | ((row.Contents & RowContents.Characters) == 0 ? RowFlags.Ascii : RowFlags.None));
        text.CopyTo(target[(1 + WriteLength(text.Length, target[1..]))..]);
    }

    private static RowFlags FlagsOf(Row row) => (row.Wrapped ? RowFlags.Wrapped : 0) | (row.Padded ? RowFlags.Padded : 0)
        | (row.Prompt ? RowFlags.Prompt : 0) | (RowFlags)((int)row.Size << SizeShift);

    private static RowContents ContentsOf(ReadOnlySpan<Cell> cells)
    {
        ulong union = 0;
        foreach (ulong bits in MemoryMarshal.Cast<Cell, ulong>(cells))
        {
            union |= bits;
        }

        return (((uint)union & ~0x7Fu) != 0 ? RowContents.Characters : 0) | (union >> 32 != 0 ? RowContents.Styles : 0);
    }

    /// <summary>The low byte of each cell, eight cells at a time.</summary>
    private static void Narrow(ReadOnlySpan<Cell> cells, Span<byte> target)
    {
        ref ulong source = ref Unsafe.As<Cell, ulong>(ref MemoryMarshal.GetReference(cells));
        ref byte bytes = ref MemoryMarshal.GetReference(target);
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<ulong> mask = Vector128.Create(0xFFUL);
            for (; i <= cells.Length - 8; i += 8)
            {
                Vector128<uint> a = Vector128.Narrow(Vector128.LoadUnsafe(ref source, (nuint)i) & mask, Vector128.LoadUnsafe(ref source, (nuint)(i + 2)) & mask);
                Vector128<uint> b = Vector128.Narrow(Vector128.LoadUnsafe(ref source, (nuint)(i + 4)) & mask, Vector128.LoadUnsafe(ref source, (nuint)(i + 6)) & mask);
                Vector128<ushort> chars = Vector128.Narrow(a, b);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref bytes, i), Vector128.Narrow(chars, chars).AsUInt64().ToScalar());
            }
        }

        for (; i < cells.Length; i++)
        {
            Unsafe.Add(ref bytes, i) = (byte)Unsafe.Add(ref source, i);
        }
    }

    private void EncodeText(ReadOnlySpan<Cell> cells)
    {
        // The length is written in three bytes, enough for the longest row: 1000 cells of 32 code points.
        int lengthAt = _writer.Length;
        _writer.Extend(3);
        int start = _writer.Length;
        for (int i = 0; i < cells.Length;)
        {
            i += EncodePlain(cells[i..]);
            if (i < cells.Length)
            {
                EncodeCluster(cells[i]);
                i += cells[i].IsWide ? 2 : 1;
            }
        }

        int length = _writer.Length - start;
        _writer.Patch(lengthAt, (byte)(length | 0x80), (byte)((length >> 7) | 0x80), (byte)(length >> 14));
    }

    /// <summary>Encodes cells up to the first cluster; returns their number.</summary>
    private int EncodePlain(ReadOnlySpan<Cell> cells)
    {
        Span<byte> room = _writer.Extend(cells.Length * MaxPlainBytes + ByteWriter.MaxUtf8Bytes);
        ref byte target = ref MemoryMarshal.GetReference(room);
        ref Cell first = ref MemoryMarshal.GetReference(cells);
        int used = 0;
        int i = 0;
        for (; i < cells.Length; i++)
        {
            uint content = Unsafe.Add(ref first, i).Content;
            if (content < 0x80 && i <= cells.Length - 4 && TryEncodeFour(ref Unsafe.Add(ref first, i), ref Unsafe.Add(ref target, used)))
            {
                used += 4;
                i += 3;
                continue;
            }

            if (content < 0x80)
            {
                Unsafe.Add(ref target, used++) = (byte)content;
                continue;
            }

            if (UnicodeTable.IsIdeographOrSyllable((int)(content ^ Cell.WideFlag)))
            {
                used += ByteWriter.EncodeUtf8((int)(content ^ Cell.WideFlag), ref Unsafe.Add(ref target, used));
                i++;
                continue;
            }

            if ((content & (Cell.ClusterFlag | Cell.TailFlag)) != 0)
            {
                if ((content & Cell.TailFlag) != 0)
                {
                    continue;
                }

                break;
            }

            int code = (int)(content & Cell.ValueMask);
            if (((content & Cell.WideFlag) != 0) != (UnicodeTable.Width(code) == 2))
            {
                Unsafe.Add(ref target, used++) = OtherWidthToken;
            }

            used += ByteWriter.EncodeUtf8(code, ref Unsafe.Add(ref target, used));
        }

        _writer.Shrink(room.Length - used);
        return i;
    }

    /// <summary>Encodes four cells when all of them are ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryEncodeFour(ref Cell cells, ref byte target)
    {
        uint a = cells.Content, b = Unsafe.Add(ref cells, 1).Content, c = Unsafe.Add(ref cells, 2).Content, d = Unsafe.Add(ref cells, 3).Content;
        if ((a | b | c | d) >= 0x80)
        {
            return false;
        }

        Unsafe.WriteUnaligned(ref target, a | (b << 8) | (c << 16) | (d << 24));
        return true;
    }

    private void EncodeCluster(Cell cell)
    {
        ReadOnlySpan<int> cluster = graphemes[cell.Value];
        if (cell.IsWide != (UnicodeTable.Width(cluster[0]) == 2))
        {
            _writer.Add(OtherWidthToken);
        }

        _writer.Add(ClusterToken);
        _writer.AddVarint((uint)cluster.Length);
        foreach (int code in cluster)
        {
            _writer.AddUtf8(code);
        }
    }

    private void EncodeRuns(ReadOnlySpan<Cell> cells)
    {
        for (int i = 0; i < cells.Length;)
        {
            uint id = cells[i].Style;
            int end = EndOfRun(cells, i, id);
            if (end == cells.Length && id == 0)
            {
                return;
            }

            EncodeRun(end - i, id);
            i = end;
        }
    }

    private void EncodeRuns(ReadOnlySpan<RowText.Run> runs, int end)
    {
        if (runs.IsEmpty)
        {
            return;
        }

        if (runs[0].Column > 0)
        {
            EncodeRun(runs[0].Column, 0);
        }

        for (int i = 1; i < runs.Length; i++)
        {
            EncodeRun(runs[i].Column - runs[i - 1].Column, runs[i - 1].Style);
        }

        if (runs[^1].Style != 0)
        {
            EncodeRun(end - runs[^1].Column, runs[^1].Style);
        }
    }

    private void EncodeRun(int length, uint id)
    {
        Span<byte> room = _writer.Extend(MaxRunBytes);
        int used = WriteLength(length, room);
        int style = id == 0 ? WriteDefault(room[used..]) : _encodings.TryWrite(id, room[used..]);
        _writer.Shrink(MaxRunBytes - used - style);
        if (style == 0)
        {
            int before = _writer.Length;
            EncodeStyle(styles[id]);
            _encodings.Keep(id, _writer.Written[before..], hasLink: styles[id].Link != 0);
        }
    }

    private static int WriteDefault(Span<byte> room)
    {
        room[0] = (byte)Fields.None;
        return 1;
    }

    private static int LengthOfLength(int length) => length < 0x80 ? 1 : length < 0x4000 ? 2 : 3;

    private static int WriteLength(int length, Span<byte> room)
    {
        int used = 0;
        for (; length >= 0x80; length >>= 7)
        {
            room[used++] = (byte)(length | 0x80);
        }

        room[used++] = (byte)length;
        return used;
    }

    private static int EndOfRun(ReadOnlySpan<Cell> cells, int start, uint style)
    {
        ref ulong bits = ref Unsafe.As<Cell, ulong>(ref MemoryMarshal.GetReference(cells));
        int i = start + 1;
        if (Avx2.IsSupported)
        {
            Vector256<uint> wanted = Vector256.Create(style);
            for (; i <= cells.Length - 4; i += 4)
            {
                // Of each cell the upper half is compared: the odd lanes.
                Vector256<uint> four = Vector256.LoadUnsafe(ref bits, (nuint)i).AsUInt32();
                int equal = Avx.MoveMask(Avx2.CompareEqual(four, wanted).AsSingle()) & 0b10101010;
                if (equal != 0b10101010)
                {
                    return i + (int.TrailingZeroCount(~equal & 0b10101010) >> 1);
                }
            }
        }

        while (i < cells.Length && (uint)(Unsafe.Add(ref bits, i) >> 32) == style)
        {
            i++;
        }

        return i;
    }

    private void EncodeStyle(in Style style)
    {
        Fields fields = (style.Foreground != 0 ? Fields.Foreground : 0) | (style.Background != 0 ? Fields.Background : 0)
            | (style.UnderlineColor != 0 ? Fields.UnderlineColor : 0) | (style.Attributes != 0 ? Fields.Attributes : 0)
            | (style.Link != 0 ? Fields.Link : 0);
        _writer.Add((byte)fields);
        if (style.Foreground != 0)
        {
            EncodeColor(style.Foreground);
        }

        if (style.Background != 0)
        {
            EncodeColor(style.Background);
        }

        if (style.UnderlineColor != 0)
        {
            EncodeColor(style.UnderlineColor);
        }

        if (style.Attributes != 0)
        {
            _writer.AddVarint((uint)style.Attributes);
        }

        if (style.Link != 0)
        {
            Link link = links[style.Link];
            _writer.AddVarint((uint)Encoding.UTF8.GetByteCount(link.Id));
            _writer.AddText(link.Id);
            _writer.AddVarint((uint)Encoding.UTF8.GetByteCount(link.Uri));
            _writer.AddText(link.Uri);
        }
    }

    /// <summary>The kind in the two low bits, so that the 16 usual colours take one byte.</summary>
    private void EncodeColor(uint color) => _writer.AddVarint((Color.Value(color) << 2) | (Color.Kind(color) >> 24));
}
