using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <summary>
/// A grid of rows, either the primary or the alternate one, and what belongs to it alone. It knows cells and
/// margins; the cursor and the modes are the terminal's. Coordinates start at 0, ends are exclusive unless named
/// like a margin.
/// </summary>
internal sealed partial class Screen
{
    private Row[] _rows;
    private int _head;

    private readonly RowCodec _codec;

    public Screen(int columns, int rows, RowCodec codec)
    {
        Columns = columns;
        _codec = codec;
        _rows = new Row[rows];
        for (int y = 0; y < rows; y++)
        {
            _rows[y] = new Row();
        }
    }

    public int Columns { get; private set; }

    public int Rows => _rows.Length;

    /// <summary>Cursor saved by DECSC, SCOSC or mode 1048/1049.</summary>
    public SavedCursor Saved = SavedCursor.Home;

    /// <summary>Kitty keyboard flags now in force and those below them.</summary>
    public KeyboardStack Keyboard { get; } = new();

    /// <summary>A row of cells.</summary>
    public Row this[int y]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => InCells(RowAt(y));
    }

    /// <summary>A row as it is, text or cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row RowAt(int y) => _rows[IndexOf(y)];

    /// <summary>Makes cells of a row that is text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row InCells(Row row)
    {
        if (row.IsText)
        {
            _codec.MakeCells(row, Columns);
        }

        return row;
    }

    /// <summary>Index after the last row that is not blank.</summary>
    public int UsedRows()
    {
        int end = Rows;
        while (end > 0 && RowAt(end - 1).IsBlank)
        {
            end--;
        }

        return end;
    }

    /// <summary>Columns that a row shows: half of them when its characters are double width.</summary>
    public int ColumnsOf(int y) => RowAt(y).Size == LineSize.Single ? Columns : Math.Max(1, Columns / 2);

    /// <summary>Moves rows of a region up; those that leave the top go to <paramref name="sink"/> when there is one.</summary>
    public void ScrollUp(int top, int bottom, int count, Cell fill, Scrollback? sink)
    {
        count = Math.Min(count, bottom - top + 1);
        if (top > 0 && sink is null)
        {
            RowAt(top - 1).Wrapped = false;
        }

        // What the last row went on in does not follow it any more.
        RowAt(bottom).Wrapped = false;
        if (top == 0 && bottom == Rows - 1)
        {
            for (; count > 0; count--)
            {
                Row row = _rows[_head];
                sink?.Append(row);
                row.Clear(fill, Columns);
                _head = _head + 1 == _rows.Length ? 0 : _head + 1;
            }

            return;
        }

        for (; count > 0; count--)
        {
            Row row = RowAt(top);
            sink?.Append(row);
            for (int y = top; y < bottom; y++)
            {
                _rows[IndexOf(y)] = RowAt(y + 1);
            }

            row.Clear(fill, Columns);
            _rows[IndexOf(bottom)] = row;
        }
    }

    public void ScrollDown(int top, int bottom, int count, Cell fill)
    {
        count = Math.Min(count, bottom - top + 1);
        if (top > 0)
        {
            RowAt(top - 1).Wrapped = false;
        }

        for (; count > 0; count--)
        {
            Row row = RowAt(bottom);
            for (int y = bottom; y > top; y--)
            {
                _rows[IndexOf(y)] = RowAt(y - 1);
            }

            row.Clear(fill, Columns);
            _rows[IndexOf(top)] = row;
        }

        RowAt(bottom).Wrapped = false;
    }

    /// <summary>As <see cref="ScrollUp"/> (or down) between left and right margins: only cells move.</summary>
    public void ScrollBox(int top, int bottom, int left, int right, int count, bool up, Cell fill)
    {
        int height = bottom - top + 1;
        count = Math.Min(count, height);
        for (int i = 0; i < height; i++)
        {
            int y = up ? top + i : bottom - i;
            int from = up ? y + count : y - count;
            if (from >= top && from <= bottom)
            {
                CopyCells(from, left, right - left + 1, y, left);
            }
            else
            {
                Fill(y, left, right + 1, fill);
            }
        }
    }

    /// <summary>Makes everything blank and gives the memory of the cells back.</summary>
    public void Release()
    {
        foreach (Row row in _rows)
        {
            row.Release();
        }
    }

    public void MarkStyles(StyleTable styles)
    {
        foreach (Row row in _rows)
        {
            if (row.IsText)
            {
                row.Text.MarkStyles(styles);
                continue;
            }

            foreach (Cell cell in row.Cells)
            {
                styles.Mark(cell.Style);
            }
        }
    }

    public void MarkGraphemes(GraphemeTable graphemes)
    {
        foreach (Row row in _rows.Where(row => !row.IsText))
        {
            foreach (Cell cell in row.Cells)
            {
                if (cell.IsCluster)
                {
                    graphemes.Mark(cell.Value);
                }
            }
        }
    }

    /// <summary>Bytes held by the rows, for the memory tests.</summary>
    public long AllocatedBytes()
    {
        long bytes = 0;
        foreach (Row row in _rows)
        {
            bytes += row.AllocatedBytes + 48;
        }

        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IndexOf(int y)
    {
        int i = _head + y;
        return i < _rows.Length ? i : i - _rows.Length;
    }
}
