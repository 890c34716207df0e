namespace Sessiond.Vt;

/// <content>Several code points in one cell: marks, and clusters of UAX #29.</content>
public sealed partial class Terminal
{
    /// <summary>Adds a mark to the character before the cursor.</summary>
    private void Combine(int code)
    {
        Row row = _screen.RowAt(_row);
        if (row.IsText && (_pendingWrap ? _column + 1 : _column) == row.Used)
        {
            row.AddMark(code);
            return;
        }

        if (!TryFindBefore(out int column))
        {
            return;
        }

        Cell cell = _screen[_row][column];
        Span<int> codes = stackalloc int[GraphemeTable.MaxCodePoints + 1];
        int count = CodesOf(cell, codes);
        if (count == GraphemeTable.MaxCodePoints)
        {
            return;
        }

        if (count == 0)
        {
            codes[count++] = ' ';
        }

        codes[count++] = code;
        SetCluster(column, cell, codes[..count]);
    }

    private void SetCluster(int column, Cell cell, ReadOnlySpan<int> codes)
    {
        uint flags = cell.Content & (Cell.WideFlag | Cell.TailFlag);
        Row row = _screen[_row];
        Span<Cell> cells = row.Reserve(column + 1, Columns);
        row.Used = Math.Max(row.Used, column + 1);
        row.Contents |= RowContents.Characters;
        cells[column] = new Cell(_graphemes.Intern(codes) | Cell.ClusterFlag | flags, cell.Style);
    }

    /// <summary>The column of the character that a mark at the cursor belongs to.</summary>
    private bool TryFindBefore(out int column)
    {
        column = _pendingWrap ? _column : _column - 1;
        if (column > 0 && _screen[_row][column].IsTail)
        {
            column--;
        }

        return column >= 0;
    }

    private int CodesOf(Cell cell, Span<int> codes)
    {
        if (cell.IsCluster)
        {
            ReadOnlySpan<int> cluster = _graphemes[cell.Value];
            cluster.CopyTo(codes);
            return cluster.Length;
        }

        codes[0] = (int)cell.Value;
        return cell.Value == 0 ? 0 : 1;
    }

    /// <summary>Mode 2027: adds a code point to the cluster before the cursor when UAX #29 sees no boundary.</summary>
    private bool TryJoin(int code)
    {
        if (!TryFindBefore(out int column))
        {
            return false;
        }

        Cell cell = _screen[_row][column];
        Span<int> codes = stackalloc int[GraphemeTable.MaxCodePoints + 1];
        int count = CodesOf(cell, codes);
        if (count == 0 || Graphemes.IsBoundary(codes[..count], code))
        {
            return false;
        }

        if (count == GraphemeTable.MaxCodePoints)
        {
            return true;
        }

        codes[count++] = code;
        if (!cell.IsWide && Graphemes.Width(codes[..count]) == 2)
        {
            bool hasRoom = column < RightLimit();
            if (!hasRoom && UnicodeTable.Width(code) > 0)
            {
                // One cell cannot show both, so the second goes where its own cell would: to the next line.
                return false;
            }

            cell = hasRoom ? Widen(column, cell) : cell;
        }

        SetCluster(column, cell, codes[..count]);
        return true;
    }

    /// <summary>A cluster became wide (an emoji by VS16, a flag by its second letter): takes the next cell.</summary>
    private Cell Widen(int column, Cell cell)
    {
        _column = column + 1;
        Span<Cell> cells = PrepareCells(_screen[_row], column + 2);
        var wide = new Cell(cell.Content | Cell.WideFlag, cell.Style);
        cells[column] = wide;
        cells[column + 1] = new Cell(Cell.TailFlag, cell.Style);
        if (_column == RightLimit())
        {
            _pendingWrap = true;
        }
        else
        {
            _column++;
        }

        return wide;
    }
}
