namespace Sessiond.Vt;

/// <content>
/// Snapshots: cells. Rows follow each other as a program would print them, so that wrapped lines wrap and the
/// scrollback scrolls; nothing depends on the client's height.
/// </content>
public sealed partial class Terminal
{
    private sealed partial class SnapshotWriter
    {
        /// <summary>Paints from the top left corner of a blank screen.</summary>
        /// <param name="screen">The screen.</param>
        /// <param name="scrollback">Encoded rows that come first and are scrolled out.</param>
        /// <param name="wholeScreen">Blank rows at the end count, as they push the scrollback up.</param>
        private void Paint(Screen screen, IEnumerable<ReadOnlyMemory<byte>> scrollback, bool wholeScreen)
        {
            Row? previous = null;
            foreach (ReadOnlyMemory<byte> encoded in scrollback)
            {
                var row = new Row();
                _terminal._codec.Decode(encoded.Span, row, screen.Columns);
                PaintAfter(previous, row, screen.Columns);
                previous = row;
            }

            int end = wholeScreen ? screen.Rows : screen.UsedRows();
            end += end > 0 && end < screen.Rows && screen[end - 1].Wrapped ? 1 : 0;
            for (int y = 0; y < end; y++)
            {
                PaintAfter(previous, screen[y], screen.Columns);
                previous = screen[y];
            }

            SetPen(default);
            SetClusters(false);
        }

        private void PaintAfter(Row? previous, Row row, int columns)
        {
            bool joined = previous is { Wrapped: true } && row.Size == LineSize.Single;
            if (previous is not null && !joined)
            {
                SetPen(default);
                _out.Add("\r\n"u8);
            }
            else if (joined)
            {
                JoinTo(previous!, row, columns);
            }

            if (row.Prompt)
            {
                _out.Add("\e]133;A\e\\"u8);
            }

            PaintCells(row, columns);

            // Afterwards, because cells beyond the middle are hidden but kept.
            _out.Add(SizeSequence(row.Size));
            FlushWhenFull();
        }

        private static ReadOnlySpan<byte> SizeSequence(LineSize size) => size switch
        {
            LineSize.DoubleWidth => "\e#6"u8,
            LineSize.DoubleHeightTop => "\e#3"u8,
            LineSize.DoubleHeightBottom => "\e#4"u8,
            _ => default,
        };

        /// <summary>
        /// The row's first cell usually wraps by itself. Where it cannot, or would scroll its background in, another
        /// character wraps and is erased again.
        /// </summary>
        private void JoinTo(Row previous, Row row, int columns)
        {
            Cell first = row[0];
            uint pad = previous.Padded ? previous[columns - 1].Style : 0;
            int code = (int)(first.IsCluster ? (uint)_terminal._graphemes[first.Value][0] : first.Value);
            bool wraps = (UnicodeTable.Width(code) == 2) == previous.Padded;
            if (!row.Prompt && !first.IsEmpty && _terminal._styles[first.Style].Background == Color.Default && pad == 0 && wraps)
            {
                return;
            }

            SetPen(_terminal._styles[pad]);
            _out.Add(previous.Padded ? "\u3000"u8 : " "u8);
            SetPen(default);
            _out.Add("\r\e[K"u8);
        }

        private void PaintCells(Row row, int columns)
        {
            int end = row.Wrapped ? columns : row.TrimmedLength();
            for (int x = 0; x < end;)
            {
                Cell cell = row[x];
                if (!cell.IsEmpty)
                {
                    if (WouldJoin(row, x))
                    {
                        PaintApart(row, x);
                    }
                    else
                    {
                        PaintCell(cell, x);
                    }

                    x += cell.IsWide ? 2 : 1;
                    continue;
                }

                int start = x++;
                while (x < end && row[x].Equals(cell))
                {
                    x++;
                }

                PaintBlank(cell.Style, x - start, toTheEnd: x == end, isPad: row.Padded && x == columns);
            }
        }

        /// <summary>Cells that nothing was written to: passed over, and given their background where they have one.</summary>
        private void PaintBlank(uint style, int count, bool toTheEnd, bool isPad)
        {
            count -= isPad ? 1 : 0;
            if (style != 0 && count > 0)
            {
                SetPen(_terminal._styles[style]);
                Csi(Invariant($"{count}X"));
            }

            if (count > 0 && (!toTheEnd || isPad))
            {
                Csi(count == 1 ? "C" : Invariant($"{count}C"));
            }
        }

        private void PaintCell(Cell cell, int column, bool last = false)
        {
            SetPen(_terminal._styles[cell.Style]);
            if (!cell.IsCluster)
            {
                _out.AddUtf8((int)cell.Value);
                return;
            }

            ReadOnlySpan<int> cluster = _terminal._graphemes[cell.Value];
            SetClusters(IsOneCellOnlyAsCluster(cluster, cell.IsWide));
            foreach (int code in cluster)
            {
                _out.AddUtf8(code);
            }

            if (_clusters)
            {
                // A client without mode 2027 is brought back to the right column.
                SetClusters(false);
                int next = column + (cell.IsWide ? 2 : 1);
                if (next < _terminal.Columns && !last)
                {
                    Csi(Invariant($"{next + 1}G"));
                }
            }
        }

        /// <summary>The cluster begins with what a client would add to the cell before it, which was printed when mode 2027 was off.</summary>
        private bool WouldJoin(Row row, int column)
        {
            if (column == 0 || !row[column].IsCluster || row[column - 1].IsEmpty)
            {
                return false;
            }

            Cell cell = row[column];
            ReadOnlySpan<int> cluster = _terminal._graphemes[cell.Value];
            Span<int> codes = stackalloc int[GraphemeTable.MaxCodePoints];
            int count = _terminal.CodesOf(row[row[column - 1].IsTail ? column - 2 : column - 1], codes);
            return IsOneCellOnlyAsCluster(cluster, cell.IsWide) && !Graphemes.IsBoundary(codes[..count], cluster[0]);
        }

        /// <summary>Paints a cell while the one before it is blank, and that one after it.</summary>
        private void PaintApart(Row row, int column)
        {
            int before = row[column - 1].IsTail ? column - 2 : column - 1;
            Csi(Invariant($"{before + 1}G"));
            SetPen(default);
            Csi(Invariant($"{column - before}X"));
            Csi(Invariant($"{column + 1}G"));
            PaintCell(row[column], column);
            Csi(Invariant($"{before + 1}G"));
            PaintCell(row[before], before);
            Csi(Invariant($"{column + (row[column].IsWide ? 2 : 1) + 1}G"));
        }

        /// <summary>Printed code point by code point it would take other cells than it does.</summary>
        private static bool IsOneCellOnlyAsCluster(ReadOnlySpan<int> cluster, bool wide)
        {
            int width = UnicodeTable.Width(cluster[0]);
            foreach (int code in cluster[1..])
            {
                if (UnicodeTable.Width(code) != 0)
                {
                    return true;
                }
            }

            return width != (wide ? 2 : 1);
        }

        private void SetClusters(bool on)
        {
            if (_clusters != on)
            {
                _clusters = on;
                _out.Add(on ? "\e[?2027h"u8 : "\e[?2027l"u8);
            }
        }
    }
}
