namespace Sessiond.Vt;

/// <summary>Change of size.</summary>
internal sealed partial class Screen
{
    /// <summary>Takes rows that are already wrapped for the new width; blank ones are added below.</summary>
    public void Replace(List<Row> lines, int columns, int rows)
    {
        Columns = columns;
        _head = 0;
        _rows = new Row[rows];
        for (int y = 0; y < rows; y++)
        {
            _rows[y] = y < lines.Count ? lines[y] : new Row();
        }
    }

    /// <summary>
    /// Cuts or grows without reflow, as the alternate screen does. Returns the number of rows removed at the top to keep
    /// the cursor's row.
    /// </summary>
    public int Crop(int columns, int rows, int cursorRow)
    {
        int removed = Math.Max(0, cursorRow - rows + 1);
        List<Row> lines = [];
        for (int y = removed; y < Math.Min(Rows, removed + rows); y++)
        {
            Row row = this[y];
            if (columns < Columns)
            {
                if (row[columns].IsTail)
                {
                    SplitWide(row, columns, default);
                }

                row.Truncate(columns);
            }

            if (columns != Columns)
            {
                row.Wrapped = false;
            }

            lines.Add(row);
        }

        // What the last row went on in may have been cut off.
        lines[^1].Wrapped = lines[^1].Wrapped && removed + rows >= Rows;
        Replace(lines, columns, rows);
        Saved.Row = Math.Clamp(Saved.Row - removed, 0, rows - 1);
        Saved.Column = Math.Min(Saved.Column, columns - 1);
        return removed;
    }
}
