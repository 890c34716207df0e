using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <content>The right edge: waiting to wrap, wrapping, margins.</content>
public sealed partial class Terminal
{
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
            _screen.RowAt(_row - 1).Padded = true;
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

    private int RightLimit(Screen screen, int row, int column) => RightLimit(screen.RowAt(row), screen, column);

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
        bool whole = _column == Columns - 1 && !HasColumnMargins && (forWide || EndsInCharacter(_screen.RowAt(_row)));
        int row = _row;
        bool scrolls = row == _bottom;
        CarriageReturn();
        Index();
        if (!whole || (!scrolls && _row == row) || _row == 0 || _screen.RowAt(_row).Size != LineSize.Single)
        {
            return false;
        }

        _screen.RowAt(_row - 1).Wrapped = true;
        return true;
    }

    private bool EndsInCharacter(Row row) => row.IsText ? row.Used == Columns : !row[Columns - 1].IsEmpty;
}
