using System.Runtime.InteropServices;

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
internal sealed partial class RowCodec(StyleTable styles, GraphemeTable graphemes, LinkTable links)
{
    public const int SizeShift = 4;

    private const byte ClusterToken = 1;
    private const byte OtherWidthToken = 2;

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
}
