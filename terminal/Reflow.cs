namespace Sessiond.Vt;

/// <summary>
/// Changes the size of the primary screen. Lines that wrapped are put together and wrapped again at the new width; text
/// is never lost: what has no room goes to the scrollback, and what fits again comes back from there.
/// </summary>
internal static class Reflow
{
    /// <summary>Resizes, and moves the cursors so that each stays on its character.</summary>
    public static void Resize(Screen screen, Scrollback scrollback, int columns, int rows, Span<CursorPlace> cursors)
    {
        int oldColumns = screen.Columns;
        int end = Math.Max(screen.UsedRows(), Math.Min(cursors[0].Row, screen.Rows - 1) + 1);
        bool full = end == screen.Rows;
        foreach (CursorPlace cursor in cursors)
        {
            end = Math.Min(Math.Max(end, cursor.Row + 1), screen.Rows);
        }

        List<Row> lines = [];
        if (columns != oldColumns)
        {
            TakeOpenLine(scrollback, lines, oldColumns);
        }

        int taken = lines.Count;
        for (int y = 0; y < end; y++)
        {
            lines.Add(screen[y]);
        }

        for (int i = 0; i < cursors.Length; i++)
        {
            cursors[i] = cursors[i] with { Row = Math.Min(cursors[i].Row + taken, lines.Count - 1) };
        }

        if (columns != oldColumns)
        {
            lines = Rewrap(lines, oldColumns, columns, cursors);
            scrollback.Reflow(oldColumns, columns);
        }

        Place(screen, scrollback, lines, columns, rows, full, cursors);
    }

    /// <summary>Wraps whole lines again.</summary>
    public static List<Row> Rewrap(List<Row> rows, int oldColumns, int columns, Span<CursorPlace> cursors)
    {
        List<Row> wrapped = [];
        List<Cell> line = [];
        Span<int> offsets = stackalloc int[cursors.Length];
        for (int first = 0; first < rows.Count;)
        {
            line.Clear();
            offsets.Fill(-1);
            int next = first;
            bool goesOn = true;
            while (goesOn && next < rows.Count)
            {
                Row row = rows[next];
                for (int i = 0; i < cursors.Length; i++)
                {
                    if (cursors[i].Row == next)
                    {
                        offsets[i] = line.Count + cursors[i].Column + (cursors[i].PendingWrap ? 1 : 0);
                    }
                }

                AddCells(line, row, oldColumns);
                goesOn = row.Wrapped;
                next++;
            }

            int start = wrapped.Count;
            Wrap(line, rows[first], columns, wrapped);
            for (int i = 0; i < cursors.Length; i++)
            {
                if (offsets[i] >= 0)
                {
                    // Complemented, so that it is not taken for one of the old rows that are still to come.
                    CursorPlace place = Find(wrapped, start, offsets[i], columns);
                    cursors[i] = place with { Row = ~place.Row };
                }
            }

            first = next;
        }

        for (int i = 0; i < cursors.Length; i++)
        {
            cursors[i] = cursors[i] with { Row = cursors[i].Row < 0 ? ~cursors[i].Row : wrapped.Count - 1 };
        }

        return wrapped;
    }

    private static void TakeOpenLine(Scrollback scrollback, List<Row> lines, int columns)
    {
        while (scrollback.LastWrapped)
        {
            var row = new Row();
            scrollback.TryTakeLast(row, columns);
            lines.Insert(0, row);
        }
    }

    private static void AddCells(List<Cell> line, Row row, int columns)
    {
        int length = row.Wrapped ? columns - (row.Padded ? 1 : 0) : row.TrimmedLength();
        for (int x = 0; x < length; x++)
        {
            line.Add(row[x]);
        }
    }

    private static void Wrap(List<Cell> line, Row first, int columns, List<Row> target)
    {
        int width = first.Size == LineSize.Single ? columns : Math.Max(1, columns / 2);
        int at = 0;
        bool prompt = first.Prompt;
        do
        {
            var row = new Row { Size = first.Size, Prompt = prompt };
            prompt = false;
            int length = Math.Min(width, line.Count - at);
            bool padded = length == width && length > 1 && line[at + length - 1].IsWide;
            length -= padded ? 1 : 0;
            Span<Cell> cells = row.Writable(length, columns);
            for (int x = 0; x < length; x++)
            {
                Cell cell = line[at + x];
                cells[x] = width == 1 && (cell.IsWide || cell.IsTail) ? default : cell;
            }

            at += length;
            row.Padded = padded;

            // Only lines of single width go on in each other.
            row.Wrapped = first.Size == LineSize.Single && at < line.Count;
            if (row.Wrapped)
            {
                EndInCharacter(row.Writable(columns, columns)[..columns], padded);
            }

            target.Add(row);
        }
        while (at < line.Count);
    }

    /// <summary>
    /// A line that goes on keeps a character in its last cell, as only after one the cursor wraps, at a client that gets a snapshot too.
    /// </summary>
    private static void EndInCharacter(Span<Cell> cells, bool padded)
    {
        ref Cell last = ref cells[^1];
        if (!padded && last.IsEmpty)
        {
            last = new Cell(' ', last.Style);
        }
    }

    /// <summary>The place of the cell at <paramref name="offset"/> in a line that was wrapped to rows from <paramref name="start"/>.</summary>
    private static CursorPlace Find(List<Row> rows, int start, int offset, int columns)
    {
        int y = start;
        for (; y < rows.Count - 1; y++)
        {
            int length = columns - (rows[y].Padded ? 1 : 0);
            if (offset < length)
            {
                break;
            }

            offset -= length;
        }

        bool after = offset >= columns;
        bool written = after && offset == columns && rows[y].TrimmedLength() == columns;
        return new CursorPlace(y, Math.Min(offset, columns - 1), written);
    }

    /// <summary>Puts rows on the screen: the end of the text stays visible, the rest goes to the scrollback.</summary>
    private static void Place(Screen screen, Scrollback scrollback, List<Row> lines, int columns, int rows, bool full, Span<CursorPlace> cursors)
    {
        int shift = 0;
        while (lines.Count > rows && lines.Count - 1 > cursors[0].Row && lines[^1].IsBlank)
        {
            lines.RemoveAt(lines.Count - 1);
            lines[^1].Wrapped = false;
        }

        if (lines.Count > rows)
        {
            shift = rows - lines.Count;
            for (int y = 0; y < -shift; y++)
            {
                scrollback.Append(lines[y]);
            }

            lines.RemoveRange(0, -shift);
        }
        else
        {
            while (full && lines.Count < rows && scrollback.Count > 0)
            {
                var row = new Row();
                scrollback.TryTakeLast(row, columns);
                lines.Insert(0, row);
                shift++;
            }
        }

        screen.Replace(lines, columns, rows);
        for (int i = 0; i < cursors.Length; i++)
        {
            // One that left the screen with its line waits at the end of no line.
            int row = Math.Clamp(cursors[i].Row + shift, 0, rows - 1);
            cursors[i] = cursors[i] with { Row = row, PendingWrap = cursors[i].PendingWrap && row == cursors[i].Row + shift };
        }
    }
}
