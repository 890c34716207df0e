using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <content>C0 controls, cursor movement and scrolling.</content>
public sealed partial class Terminal
{
    private void Execute(byte control)
    {
        _lastGraphic = -1;
        switch (control)
        {
            case 0x05:
                // ENQ asks for an answerback string, which sessiond has none of.
                Cover(StreamRangeKind.Query, _parser.State == ParserState.Ground);
                break;
            case 0x07:
                _host.Bell();
                break;
            case 0x08:
                CursorBackward(1);
                break;
            case 0x09:
                CursorToTab(1);
                break;
            case 0x0A or 0x0B or 0x0C:
                Index();
                if (Is(Mode.NewLine))
                {
                    CarriageReturn();
                }

                break;
            case 0x0D:
                CarriageReturn();
                break;
            case 0x0E:
                _charsets.Left = 1;
                break;
            case 0x0F:
                _charsets.Left = 0;
                break;
        }
    }

    private void CarriageReturn()
    {
        _pendingWrap = false;
        _column = _column >= _left || Is(Mode.Origin) ? _left : 0;
    }

    /// <summary>IND: down one line, scrolling at the bottom margin.</summary>
    private void Index()
    {
        _pendingWrap = false;
        if (_row == _bottom)
        {
            if (InColumnMargins)
            {
                ScrollUp(1);
            }
        }
        else if (_row < Rows - 1)
        {
            _row++;
            ClampToLine();
        }
    }

    /// <summary>RI: up one line, scrolling at the top margin.</summary>
    private void ReverseIndex()
    {
        _pendingWrap = false;
        if (_row == _top)
        {
            if (InColumnMargins)
            {
                ScrollDown(_top, 1);
            }
        }
        else if (_row > 0)
        {
            _row--;
            ClampToLine();
        }
    }

    private void ScrollUp(int count)
    {
        if (HasColumnMargins)
        {
            _screen.ScrollBox(_top, _bottom, _left, _right, count, up: true, EraseCell());
        }
        else
        {
            _screen.ScrollUp(_top, _bottom, count, EraseCell(), Sink);
            ClampToLine();
        }
    }

    /// <summary>Moves the rows from <paramref name="top"/> to the bottom margin down (RI, SD, IL).</summary>
    private void ScrollDown(int top, int count)
    {
        if (HasColumnMargins)
        {
            _screen.ScrollBox(top, _bottom, _left, _right, count, up: false, EraseCell());
            return;
        }

        EndLineAbove(top);
        _screen.ScrollDown(top, _bottom, count, EraseCell());
        ClampToLine();
    }

    /// <summary>The cursor of a double-width line stays in its half as many columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ClampToLine()
    {
        if (_screen.RowAt(_row).Size != LineSize.Single)
        {
            _column = Math.Min(_column, _screen.ColumnsOf(_row) - 1);
        }
    }

    private void CursorUp(int count)
    {
        _pendingWrap = false;
        _row = Math.Max(_row - count, _row >= _top ? _top : 0);
        ClampToLine();
    }

    private void CursorDown(int count)
    {
        _pendingWrap = false;
        _row = Math.Min(_row + count, _row <= _bottom ? _bottom : Rows - 1);
        ClampToLine();
    }

    private void CursorForward(int count)
    {
        _pendingWrap = false;
        _column = Math.Min(_column + count, RightLimit());
    }

    private void CursorBackward(int count)
    {
        bool reverse = Is(Mode.AutoWrap) && (Is(Mode.ReverseWrap) || Is(Mode.ExtendedReverseWrap));
        if (!reverse)
        {
            _pendingWrap = false;
            _column = Math.Max(_column - count, _column >= _left ? _left : 0);
            return;
        }

        if (_pendingWrap)
        {
            _pendingWrap = false;
            count--;
        }

        for (count = Math.Min(count, Columns * Rows); count > 0; count--)
        {
            int left = _column >= _left ? _left : 0;
            if (_column > left)
            {
                _column--;
            }
            else if (!ReverseWrapLine())
            {
                return;
            }
        }
    }

    /// <summary>Modes 45 and 1045: from the left margin to the end of the line above.</summary>
    private bool ReverseWrapLine()
    {
        bool extended = Is(Mode.ExtendedReverseWrap);
        if (_row == _top)
        {
            if (!extended)
            {
                return false;
            }

            _row = _bottom;
        }
        else
        {
            if (_row == 0 || (!extended && !_screen.RowAt(_row - 1).Wrapped))
            {
                return false;
            }

            _row--;
        }

        _column = _column <= _right ? _right : Columns - 1;
        ClampToLine();
        return true;
    }

    private void CursorToTab(int count)
    {
        int limit = RightLimit();
        for (; count > 0 && _column < limit; count--)
        {
            _column = Math.Min(_tabStops.Next(_column), limit);
        }
    }

    private void CursorBackTab(int count)
    {
        _pendingWrap = false;
        int limit = Is(Mode.Origin) && _column >= _left ? _left : 0;
        for (; count > 0 && _column > limit; count--)
        {
            _column = Math.Max(_tabStops.Previous(_column), limit);
        }
    }

    /// <summary>CUP and its relatives: coordinates from 0, counted from the margins in origin mode.</summary>
    private void CursorTo(int row, int column)
    {
        CursorToRow(row);
        CursorToColumn(column);
    }

    private void CursorToRow(int row)
    {
        _pendingWrap = false;
        bool origin = Is(Mode.Origin);
        _row = origin ? Math.Min(_top + row, _bottom) : Math.Min(row, Rows - 1);
        ClampToLine();
    }

    private void CursorToColumn(int column)
    {
        _pendingWrap = false;
        bool origin = Is(Mode.Origin);
        _column = origin ? Math.Min(_left + column, _right) : Math.Min(column, Columns - 1);
        ClampToLine();
    }

    /// <summary>VPR and HPR, which heed margins in origin mode only.</summary>
    private void MoveBy(int rows, int columns)
    {
        bool origin = Is(Mode.Origin);
        CursorTo(_row + rows - (origin ? _top : 0), _column + columns - (origin ? _left : 0));
    }

    private void BackIndex()
    {
        _pendingWrap = false;
        if (_column == _left && InMargins)
        {
            ShiftColumns(_left, 1, insert: true);
        }
        else if (_column > 0)
        {
            _column--;
        }
    }

    private void ForwardIndex()
    {
        _pendingWrap = false;
        if (_column == _right && InMargins)
        {
            ShiftColumns(_left, 1, insert: false);
        }
        else if (_column < Columns - 1)
        {
            _column++;
            ClampToLine();
        }
    }

    /// <summary>Inserts or deletes columns in all rows between the margins (DECIC, DECDC, SL, SR, DECBI, DECFI).</summary>
    private void ShiftColumns(int from, int count, bool insert)
    {
        Cell fill = EraseCell();
        for (int y = _top; y <= _bottom; y++)
        {
            if (insert)
            {
                _screen.InsertCells(y, from, _right, count, fill);
            }
            else
            {
                _screen.DeleteCells(y, from, _right, count, fill);
            }
        }
    }
}
