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

    public const byte ClusterToken = 1;
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
            cells.Add(CellOf(codes[..count], wide));
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

    /// <summary>Turns a row's text into cells.</summary>
    public void MakeCells(Row row, int columns)
    {
        RowText text = row.Text;
        Span<Cell> cells = row.TakeCells(columns);
        if ((row.Contents & RowContents.Characters) == 0)
        {
            Row.WriteAscii(cells, text.Bytes, style: 0);
        }
        else
        {
            var reader = new RowReader(text.Bytes, isAscii: false);
            Span<int> codes = stackalloc int[GraphemeTable.MaxCodePoints];
            for (int x = 0; reader.TryReadCell(codes, out int count, out bool wide); x += wide ? 2 : 1)
            {
                cells[x] = CellOf(codes[..count], wide);
                if (wide)
                {
                    cells[x + 1] = new Cell(Cell.TailFlag, 0);
                }
            }
        }

        ReadOnlySpan<RowText.Run> runs = text.Runs;
        for (int i = 0; i < runs.Length; i++)
        {
            foreach (ref Cell cell in cells[runs[i].Column..(i + 1 < runs.Length ? runs[i + 1].Column : cells.Length)])
            {
                cell = cell.WithStyle(runs[i].Style);
            }
        }
    }

    private Cell CellOf(ReadOnlySpan<int> codes, bool isWide)
    {
        uint content = codes.Length switch
        {
            0 => 0,
            1 => (uint)codes[0],
            _ => graphemes.Intern(codes) | Cell.ClusterFlag,
        };
        return new Cell(isWide ? content | Cell.WideFlag : content, 0);
    }
}
