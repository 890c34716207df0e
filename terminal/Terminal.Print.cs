using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sessiond.Vt;

/// <content>Text into cells: runs, insert mode, wide characters.</content>
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
            Row row = _screen.RowAt(_row);
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

    /// <summary>Each character goes into cells of its own, as it is.</summary>
    private bool PrintsPlainly => !Is(Mode.GraphemeClusters) && !Is(Mode.Insert) && _singleShift == 0 && _charsets.IsAscii;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteAscii(Row row, ReadOnlySpan<byte> text, uint style)
    {
        int end = _column + text.Length;
        if (row.IsOpenAt(_column))
        {
            row.AddAscii(_column, text, style);
            row.Padded &= end < Columns;
            return;
        }

        Span<Cell> cells = PrepareCells(_screen.InCells(row), end);
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

    /// <summary>
    /// Adds characters to rows that are text. Returns how many bytes are done: those that come next are no such characters, or meet cells.
    /// </summary>
    private int PrintUtf8(ReadOnlySpan<byte> bytes)
    {
        if (!PrintsPlainly)
        {
            return 0;
        }

        if (_graphemes.IsDue)
        {
            Reclaim();
        }

        uint style = PenId();
        int i = 0;
        while (i < bytes.Length)
        {
            Row row = _screen.RowAt(_row);
            int right = LimitColumn(row);
            if (!_pendingWrap && !row.IsOpenAt(_column))
            {
                return i;
            }

            if (!_pendingWrap && row.Used == _column)
            {
                i += row.AddUtf8(bytes[i..], right - _column + 1, style, out int width, out int last);
                if (width > 0)
                {
                    _lastGraphic = last;
                    _column += width;
                    row.Padded &= _column < Columns;
                    _pendingWrap = _column > right;
                    _column = Math.Min(_column, right);
                }
            }

            // What ended it may be a mark or a character without room.
            if (i > bytes.Length - sizeof(uint) || Utf8.Decode(Unsafe.ReadUnaligned<uint>(in bytes[i]), out int code) is var length && length == 0)
            {
                return i;
            }

            PrintCodePoint(code);
            i += length;
        }

        return i;
    }

    private void PrintCodePoints(ReadOnlySpan<int> codePoints)
    {
        if (_graphemes.IsDue)
        {
            Reclaim();
        }

        bool plain = PrintsPlainly;
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
        Row row = _screen.RowAt(_row);
        int right = LimitColumn(row);
        if (row.IsOpenAt(_column))
        {
            return 0;
        }

        _screen.InCells(row);
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
            int width = code < 0x80 ? 1 : UnicodeTable.Width(code);
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
        int right = LimitColumn(_screen.RowAt(_row));
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
        WriteCell(_screen.RowAt(_row), content, width, style);
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

    private void WriteCell(Row row, uint content, int width, uint style)
    {
        int end = _column + width;

        // REP repeats clusters too, and characters that a cluster made wide.
        bool isCharacter = (content & Cell.ClusterFlag) == 0 && UnicodeTable.Width((int)content) == width;
        if (isCharacter && row.IsOpenAt(_column))
        {
            row.Add(_column, (int)content, width, style);
            row.Padded &= end < Columns;
            return;
        }

        Span<Cell> cells = PrepareCells(_screen.InCells(row), end);
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
    }
}
