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
            if (!row.Prompt && !first.IsEmpty && _terminal._styles[first.Style].Background == Color.Default && pad == 0 && first.IsWide == previous.Padded)
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
                    PaintCell(cell, x);
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
