using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Sessiond.Vt;

/// <summary>
/// The compact form of a row: flags, length of the text, text, style runs. It refers to no table, so a row stays
/// readable when styles are reclaimed, in a checkpoint, and in another process.
/// </summary>
/// <remarks>
/// <code>
/// row  = flags:1 textLength:varint text *run         runs go up to the end of the row
/// text = *( ASCII byte | UTF-8 code point | NUL      NUL is a cell that nothing was written to
///         | %x01 count:varint *code point            a cluster of code points in one cell
///         | %x02 cell )                              the cell has the other width than the table says
/// run  = length:varint fields:1 [fg] [bg] [underline] [attributes] [link]     length in cells
/// </code>
/// </remarks>
internal sealed class RowCodec(StyleTable styles, GraphemeTable graphemes, LinkTable links)
{
    public const int SizeShift = 4;

    /// <summary>The longest UTF-8 sequence and a token.</summary>
    private const int MaxPlainBytes = ByteWriter.MaxUtf8Bytes + 1;
    private const byte ClusterToken = 1;
    private const byte OtherWidthToken = 2;
    private readonly ByteWriter _writer = new();

    [Flags]
    private enum Fields : byte
    {
        None = 0,
        Foreground = 1,
        Background = 2,
        UnderlineColor = 4,
        Attributes = 8,
        Link = 16,
    }

    /// <summary>The encoded row; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(Row row)
    {
        ReadOnlySpan<Cell> cells = row.Cells;
        if (!row.Wrapped)
        {
            cells = cells[..row.TrimmedLength()];
        }

        RowFlags flags = (row.Wrapped ? RowFlags.Wrapped : 0) | (row.Padded ? RowFlags.Padded : 0)
            | (row.Prompt ? RowFlags.Prompt : 0) | (RowFlags)((int)row.Size << SizeShift);
        _writer.Clear();
        (uint content, uint style) = Union(cells);
        if ((content & ~0x7Fu) == 0)
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

        if (style != 0)
        {
            EncodeRuns(cells);
        }

        return _writer.Written;
    }

    /// <summary>Sets a blank row's cells; those past <paramref name="columns"/> are lost.</summary>
    public void Decode(ReadOnlySpan<byte> encoded, Row row, int columns)
    {
        var reader = new RowReader(encoded);
        row.Wrapped = reader.Flags.HasFlag(RowFlags.Wrapped);
        row.Padded = reader.Flags.HasFlag(RowFlags.Padded);
        row.Prompt = reader.Flags.HasFlag(RowFlags.Prompt);
        row.Size = (LineSize)((int)(reader.Flags & RowFlags.SizeMask) >> SizeShift);
        List<Cell> cells = [];
        Span<int> codes = stackalloc int[GraphemeTable.MaxCodePoints];
        while (reader.TryReadCell(codes, out int count, out bool wide))
        {
            uint content = count switch
            {
                0 => 0,
                1 => (uint)codes[0],
                _ => graphemes.Intern(codes[..count]) | Cell.ClusterFlag,
            };
            cells.Add(new Cell(wide ? content | Cell.WideFlag : content, 0));
            if (wide)
            {
                cells.Add(new Cell(Cell.TailFlag, 0));
            }
        }

        Span<Cell> span = CollectionsMarshal.AsSpan(cells);
        int start = 0;
        while (reader.TryReadRun(links, out int length, out Style style))
        {
            uint id = styles.Intern(style);
            foreach (ref Cell cell in span.Slice(start, Math.Min(length, span.Length - start)))
            {
                cell = cell.WithStyle(id);
            }

            start = Math.Min(start + length, span.Length);
        }

        int used = Math.Min(span.Length, columns);
        span[..used].CopyTo(row.Writable(used, columns));
    }

    private static (uint Content, uint Style) Union(ReadOnlySpan<Cell> cells)
    {
        ReadOnlySpan<ulong> bits = MemoryMarshal.Cast<Cell, ulong>(cells);
        ulong union = 0;
        int i = 0;
        if (Vector256.IsHardwareAccelerated && bits.Length >= 4)
        {
            Vector256<ulong> sum = Vector256<ulong>.Zero;
            for (; i <= bits.Length - 4; i += 4)
            {
                sum |= Vector256.Create(bits[i..]);
            }

            Vector128<ulong> half = sum.GetLower() | sum.GetUpper();
            union = half[0] | half[1];
        }

        for (; i < bits.Length; i++)
        {
            union |= bits[i];
        }

        return ((uint)union, (uint)(union >> 32));
    }

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
        Span<byte> room = _writer.Extend(cells.Length * MaxPlainBytes);
        int used = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            Cell cell = cells[i];
            if (cell.IsTail)
            {
                continue;
            }

            if (!cell.IsCluster)
            {
                int code = (int)cell.Value;
                if (code < 0x80)
                {
                    room[used++] = (byte)code;
                    continue;
                }

                if (cell.IsWide != (UnicodeTable.Width(code) == 2))
                {
                    room[used++] = OtherWidthToken;
                }

                used += ByteWriter.EncodeUtf8(code, room.Slice(used, ByteWriter.MaxUtf8Bytes));
                continue;
            }

            // Clusters are of any length, so the writer makes room for each.
            _writer.Shrink(room.Length - used);
            EncodeCluster(cell);
            room = _writer.Extend((cells.Length - i - 1) * MaxPlainBytes);
            used = 0;
        }

        _writer.Shrink(room.Length - used);
        int length = _writer.Length - start;
        _writer.Patch(lengthAt, (byte)(length | 0x80), (byte)((length >> 7) | 0x80), (byte)(length >> 14));
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
        int i = 0;
        while (i < cells.Length)
        {
            uint id = cells[i].Style;
            int start = i++;
            while (i < cells.Length && cells[i].Style == id)
            {
                i++;
            }

            if (i == cells.Length && id == 0)
            {
                return;
            }

            _writer.AddVarint((uint)(i - start));
            EncodeStyle(styles[id]);
        }
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

    /// <summary>Reads an encoded row, cell by cell and then run by run.</summary>
    public ref struct RowReader
    {
        private readonly bool _ascii;
        private ReadOnlySpan<byte> _text;
        private ReadOnlySpan<byte> _runs;

        public RowReader(ReadOnlySpan<byte> encoded)
        {
            Flags = (RowFlags)encoded[0];
            encoded = encoded[1..];
            int length = (int)ReadVarint(ref encoded);
            _text = encoded[..length];
            _runs = encoded[length..];
            _ascii = Flags.HasFlag(RowFlags.Ascii);
        }

        public RowFlags Flags { get; }

        public bool TryReadCell(scoped Span<int> codes, out int count, out bool wide)
        {
            count = 1;
            wide = false;
            if (_text.IsEmpty)
            {
                return false;
            }

            if (_ascii)
            {
                codes[0] = _text[0];
                _text = _text[1..];
                count = codes[0] == 0 ? 0 : 1;
                return true;
            }

            bool otherWidth = _text[0] == OtherWidthToken;
            if (otherWidth)
            {
                _text = _text[1..];
            }

            if (_text[0] == ClusterToken)
            {
                _text = _text[1..];
                count = (int)ReadVarint(ref _text);
            }

            for (int i = 0; i < count; i++)
            {
                Rune.DecodeFromUtf8(_text, out Rune rune, out int consumed);
                codes[i] = rune.Value;
                _text = _text[consumed..];
            }

            wide = (UnicodeTable.Width(codes[0]) == 2) != otherWidth;
            count = codes[0] == 0 ? 0 : count;
            return true;
        }

        public bool TryReadRun(LinkTable links, out int length, out Style style)
        {
            style = default;
            length = 0;
            if (_runs.IsEmpty)
            {
                return false;
            }

            length = (int)ReadVarint(ref _runs);
            var fields = (Fields)_runs[0];
            _runs = _runs[1..];
            style.Foreground = fields.HasFlag(Fields.Foreground) ? ReadColor(ref _runs) : 0;
            style.Background = fields.HasFlag(Fields.Background) ? ReadColor(ref _runs) : 0;
            style.UnderlineColor = fields.HasFlag(Fields.UnderlineColor) ? ReadColor(ref _runs) : 0;
            style.Attributes = fields.HasFlag(Fields.Attributes) ? (CellAttributes)ReadVarint(ref _runs) : 0;
            if (fields.HasFlag(Fields.Link))
            {
                ReadOnlySpan<byte> id = ReadBytes(ref _runs);
                ReadOnlySpan<byte> uri = ReadBytes(ref _runs);
                style.Link = links.Intern(id, uri);
            }

            return true;
        }

        private static uint ReadColor(ref ReadOnlySpan<byte> bytes)
        {
            uint value = ReadVarint(ref bytes);
            return (value >> 2) | ((value & 3) << 24);
        }

        private static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> bytes)
        {
            int length = (int)ReadVarint(ref bytes);
            ReadOnlySpan<byte> read = bytes[..length];
            bytes = bytes[length..];
            return read;
        }

        private static uint ReadVarint(ref ReadOnlySpan<byte> bytes)
        {
            uint value = 0;
            for (int shift = 0, i = 0; ; shift += 7)
            {
                byte b = bytes[i++];
                value |= (uint)(b & 0x7F) << shift;
                if (b < 0x80)
                {
                    bytes = bytes[i..];
                    return value;
                }
            }
        }
    }
}
