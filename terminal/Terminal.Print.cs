using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sessiond.Vt;

/// <content>Text into cells: wrapping, insert mode, wide characters, marks and clusters.</content>
public sealed partial class Terminal
{
    private void PrintAscii(ReadOnlySpan<byte> text)
    {
        if (_singleShift != 0 || !_charsets.IsAscii || Is(Mode.Insert))
        {
            foreach (byte b in text)
            {
                PrintCodePoint(b);
            }

            return;
        }

        uint style = PenId();
        _lastGraphic = text[^1];
        while (!text.IsEmpty)
        {
            WrapIfPending();
            Row row = _screen[_row];
            int right = LimitColumn(row);
            int room = right - _column + 1;
            if (text.Length < room)
            {
                WriteAscii(row, text, style);
                _column += text.Length;
                return;
            }

            WriteAscii(row, text[..room], style);
            text = text[room..];
            _column = right;
            _pendingWrap = true;
            if (!Is(Mode.AutoWrap) && !text.IsEmpty)
            {
                // Without wrapping every further character overwrites the last column; only the last one stays.
                WriteAscii(row, text[^1..], style);
                return;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteAscii(Row row, ReadOnlySpan<byte> text, uint style)
    {
        int end = _column + text.Length;
        Span<Cell> cells = PrepareCells(row, end);
        row.Contents |= style != 0 ? RowContents.Styles : RowContents.None;
        Row.WriteAscii(cells[_column..end], text, style);
    }

    /// <summary>Cells for writing from the cursor to <paramref name="end"/>, with wide ones at the edges taken apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<Cell> PrepareCells(Row row, int end)
    {
        Span<Cell> cells = row.Reserve(end, Columns);
        if (_column < row.Used)
        {
            CutBefore(row, cells);
            EndWrite(row, end);
        }
        else
        {
            row.Used = end;
            row.Padded &= end < Columns;
        }

        return cells;
    }

    /// <summary>What is written at the cursor cuts a wide character in two: its left half is erased.</summary>
    private void CutBefore(Row row, Span<Cell> cells)
    {
        if (cells[_column].IsTail)
        {
            cells[_column - 1] = EraseCell();
            row.Contents |= RowContents.Unknown;
        }
    }

    private void PrintCodePoints(ReadOnlySpan<int> codePoints)
    {
        if (_graphemes.IsDue)
        {
            Reclaim();
        }

        bool plain = !Is(Mode.GraphemeClusters) && !Is(Mode.Insert) && _singleShift == 0;
        for (int i = 0; i < codePoints.Length; i++)
        {
            if (plain && !_pendingWrap)
            {
                i += PrintIntoRow(codePoints[i..]);
                if (i == codePoints.Length)
                {
                    return;
                }
            }

            PrintCodePoint(codePoints[i]);
        }
    }

    /// <summary>
    /// Prints the characters that need nothing but cells of the cursor's row. Returns how many there were; what comes next
    /// wraps, or is a mark.
    /// </summary>
    private int PrintIntoRow(ReadOnlySpan<int> codePoints)
    {
        Row row = _screen[_row];
        int right = LimitColumn(row);
        uint style = PenId();
        Span<Cell> cells = row.Reserve(right + 1, Columns)[..(right + 1)];
        bool cutsWide = row[_column].IsTail;
        int column = _column;
        int count = FillCells(codePoints, cells, ref column, style);
        if (count > 0)
        {
            row.Contents |= RowContents.Characters | (style != 0 ? RowContents.Styles : RowContents.None);
            if (cutsWide)
            {
                cells[_column - 1] = EraseCell();
                row.Contents |= RowContents.Unknown;
            }

            _lastGraphic = codePoints[count - 1];
            EndWrite(row, column);
            _pendingWrap = column > right;
            _column = Math.Min(column, right);
        }

        return count;
    }

    /// <summary>Writes cells from <paramref name="column"/> on, up to a mark or to what has no room. Returns the number of characters.</summary>
    private static int FillCells(ReadOnlySpan<int> codePoints, Span<Cell> cells, ref int column, uint style)
    {
        var tail = new Cell(Cell.TailFlag, style);
        ref Cell first = ref MemoryMarshal.GetReference(cells);
        int at = column;
        int count = 0;
        for (; count < codePoints.Length; count++)
        {
            int code = codePoints[count];
            int width = UnicodeTable.Width(code);
            if (width == 0 || at + width > cells.Length)
            {
                break;
            }

            if (width == 2)
            {
                Unsafe.Add(ref first, at) = new Cell((uint)code | Cell.WideFlag, style);
                Unsafe.Add(ref first, at + 1) = tail;
            }
            else
            {
                Unsafe.Add(ref first, at) = new Cell((uint)code, style);
            }

            at += width;
        }

        column = at;
        return count;
    }

    /// <summary>Cells up to <paramref name="end"/> were written: what they cut in two is erased.</summary>
    private void EndWrite(Row row, int end)
    {
        if (row[end].IsTail)
        {
            // A line that goes on keeps a character in its last cell.
            row.Contents |= RowContents.Unknown;
            row.Reserve(end + 1, Columns)[end] = row.Wrapped && end + 1 == Columns ? new Cell(' ', EraseCell().Style) : EraseCell();
        }

        row.Used = Math.Max(row.Used, end);
        if (row.Padded && end == Columns)
        {
            row.Padded = false;
        }
    }

    private void PrintCodePoint(int code)
    {
        int raw = code;
        if (code < 0x80)
        {
            byte set = _singleShift != 0 ? _charsets[_singleShift] : _charsets[_charsets.Left];
            _singleShift = 0;
            code = Charsets.Map(set, code);
        }
        else if (Is(Mode.GraphemeClusters) && TryJoin(code))
        {
            return;
        }

        int width = UnicodeTable.Width(code);
        if (width == 0)
        {
            Combine(code);
            return;
        }

        PutCell((uint)code, width);
        _lastGraphic = raw;
    }

    /// <summary>Writes one character at the cursor and moves it.</summary>
    private void PutCell(uint content, int width)
    {
        WrapIfPending();
        int right = LimitColumn(_screen[_row]);
        if (_column + width - 1 > right && !MakeRoomForWide(right))
        {
            return;
        }

        right = RightLimit();
        uint style = PenId();
        if (Is(Mode.Insert))
        {
            _screen.InsertCells(_row, _column, right, width, EraseCell());
        }

        int end = _column + width;
        Row row = _screen[_row];
        Span<Cell> cells = PrepareCells(row, end);
        row.Contents |= (content < 0x80 ? RowContents.None : RowContents.Characters) | (style != 0 ? RowContents.Styles : RowContents.None);
        if (width == 2)
        {
            cells[_column] = new Cell(content | Cell.WideFlag, style);
            cells[_column + 1] = new Cell(Cell.TailFlag, style);
        }
        else
        {
            cells[_column] = new Cell(content, style);
        }

        if (end > right)
        {
            _column = right;
            _pendingWrap = true;
        }
        else
        {
            _column = end;
        }
    }

    /// <summary>The cursor stands on the last character of a full line: the next one wraps, or overwrites it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WrapIfPending()
    {
        if (_pendingWrap)
        {
            _pendingWrap = false;
            if (Is(Mode.AutoWrap))
            {
                WrapLine();
            }
        }
    }

    /// <summary>A wide character does not fit: goes to the next line, or refuses it where lines do not wrap.</summary>
    private bool MakeRoomForWide(int right)
    {
        int left = _column >= _left && right == _right ? _left : 0;
        if (!Is(Mode.AutoWrap) || right - left < 1)
        {
            return false;
        }

        _screen.Fill(_row, _column, _column + 1, EraseCell());
        if (WrapLine(forWide: true))
        {
            _screen[_row - 1].Padded = true;
        }

        return RightLimit() - _column >= 1;
    }

    /// <summary>As <see cref="RightLimit()"/>; a line that scrolled under the cursor may be of double width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int LimitColumn(Row row)
    {
        int right = RightLimit(row, _screen, _column);
        _column = Math.Min(_column, right);
        return right;
    }

    /// <summary>The last column that text at the cursor may use.</summary>
    private int RightLimit() => RightLimit(_screen, _row, _column);

    /// <summary>
    /// A cursor that waits to wrap goes on behind its character when its line got longer: the margin went away, or a row of another size scrolled there. No
    /// document says it; so there is no state that only a margin of the past explains.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SettlePendingWrap()
    {
        if (_pendingWrap && _column < RightLimit())
        {
            _pendingWrap = false;
            _column++;
        }
    }

    private int RightLimit(Screen screen, int row, int column) => RightLimit(screen[row], screen, column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int RightLimit(Row row, Screen screen, int column)
    {
        int last = row.Size == LineSize.Single ? screen.Columns - 1 : Math.Max(1, screen.Columns / 2) - 1;
        return column <= _right ? Math.Min(_right, last) : last;
    }

    /// <summary>
    /// Autowrap: on to the first column of the next line. True when that line became part of the one before it.
    /// </summary>
    private bool WrapLine(bool forWide = false)
    {
        _pendingWrap = false;
        bool whole = _column == Columns - 1 && !HasColumnMargins && (forWide || !_screen[_row][_column].IsEmpty);
        int row = _row;
        bool scrolls = row == _bottom;
        CarriageReturn();
        Index();
        if (!whole || (!scrolls && _row == row) || _row == 0 || _screen[_row].Size != LineSize.Single)
        {
            return false;
        }

        _screen[_row - 1].Wrapped = true;
        return true;
    }

    /// <summary>Adds a mark to the character before the cursor.</summary>
    private void Combine(int code)
    {
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
        Span<Cell> cells = _screen[_row].Writable(column + 1, Columns);
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
