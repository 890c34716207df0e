namespace Sessiond.Vt;

/// <summary>Cells of single rows: erase, insert, delete, copy.</summary>
internal sealed partial class Screen
{
    /// <summary>Erases cells, halves of wide ones at the edges included, whatever their protection.</summary>
    public void Fill(int y, int from, int to, Cell fill)
    {
        Row row = RowAt(y);
        to = Math.Min(to, Columns);
        if (from >= to)
        {
            return;
        }

        if (to == Columns)
        {
            row.Wrapped = false;
        }

        if (row.IsText && from >= row.Used && fill.IsDefault)
        {
            return;
        }

        InCells(row);
        SplitWide(row, from, fill);
        SplitWide(row, to, fill);
        if (fill.IsDefault)
        {
            int end = Math.Min(to, row.Used);
            if (from < end)
            {
                row.Writable(end, Columns)[from..end].Clear();
                if (end == row.Used)
                {
                    row.Used = from;
                }
            }
        }
        else
        {
            row.Writable(to, Columns)[from..to].Fill(fill);
        }
    }

    /// <summary>As <see cref="Fill"/>, but protected cells stay (DECSEL, DECSED, DECSERA).</summary>
    public void FillUnprotected(int y, int from, int to, Cell fill, StyleTable styles)
    {
        to = Math.Min(to, Columns);
        for (int x = from; x < to; x++)
        {
            Cell cell = this[y][x];
            if (!styles[cell.Style].Has(CellAttributes.Protected))
            {
                int end = x + 1;
                Fill(y, x, end, fill);
            }
        }
    }

    /// <summary>ICH: moves cells right, those that pass <paramref name="right"/> are lost.</summary>
    public void InsertCells(int y, int x, int right, int count, Cell fill)
    {
        Row row = this[y];
        count = Math.Min(count, right - x + 1);
        if (right + 1 == Columns)
        {
            row.Wrapped = false;
        }

        if (x >= row.Used && fill.IsDefault)
        {
            return;
        }

        SplitWide(row, x, fill);
        SplitWide(row, right + 1, fill);
        int kept = right - x + 1 - count;
        SplitWide(row, x + kept, fill);
        Span<Cell> cells = row.Writable(right + 1, Columns);
        cells.Slice(x, kept).CopyTo(cells[(x + count)..]);
        cells.Slice(x, count).Fill(fill);
    }

    /// <summary>DCH: moves cells left, erased ones come in at <paramref name="right"/>.</summary>
    public void DeleteCells(int y, int x, int right, int count, Cell fill)
    {
        Row row = this[y];
        count = Math.Min(count, right - x + 1);
        if (right + 1 == Columns)
        {
            row.Wrapped = false;
        }

        if (x >= row.Used && fill.IsDefault)
        {
            return;
        }

        SplitWide(row, x, fill);
        SplitWide(row, x + count, fill);
        SplitWide(row, right + 1, fill);
        Span<Cell> cells = row.Writable(right + 1, Columns);
        cells[(x + count)..(right + 1)].CopyTo(cells[x..]);
        cells.Slice(right + 1 - count, count).Fill(fill);
    }

    /// <summary>Copies cells between rows or within one (DECCRA, DECIC, DECDC); wide cells cut by an edge are erased.</summary>
    public void CopyCells(int fromRow, int fromColumn, int count, int toRow, int toColumn)
    {
        Span<Cell> copy = count <= 256 ? stackalloc Cell[count] : new Cell[count];
        Row source = this[fromRow];
        for (int i = 0; i < count; i++)
        {
            copy[i] = source[fromColumn + i];
        }

        if (copy[0].IsTail)
        {
            copy[0] = default;
        }

        if (copy[^1].IsWide)
        {
            copy[^1] = default;
        }

        Row target = this[toRow];
        SplitWide(target, toColumn, default);
        SplitWide(target, toColumn + count, default);
        copy.CopyTo(target.Writable(toColumn + count, Columns)[toColumn..]);
        if (toColumn + count == Columns)
        {
            target.Wrapped = false;
        }
    }

    /// <summary>Replaces both halves of a wide cell that an edit before <paramref name="x"/> would cut.</summary>
    public static void SplitWide(Row row, int x, Cell fill)
    {
        if (x > 0 && row[x].IsTail)
        {
            Span<Cell> cells = row.Writable(x + 1, x + 1);
            cells[x - 1] = fill;
            cells[x] = fill;

            // A line that goes on has a last cell; harmless for a row that is longer.
            row.Wrapped = row.Wrapped && x + 1 < row.Used;
        }
    }
}
