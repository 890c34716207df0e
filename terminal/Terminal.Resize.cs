namespace Sessiond.Vt;

/// <content>Change of size: the primary screen and its scrollback reflow, the alternate screen is cut or grows.</content>
public sealed partial class Terminal
{
    /// <summary>Changes the size; both are clamped to 1..<see cref="MaxSize"/>.</summary>
    public void Resize(int columns, int rows)
    {
        columns = Clamp(columns);
        rows = Clamp(rows);
        if (columns == Columns && rows == Rows)
        {
            return;
        }

        var cursor = new CursorPlace(_row, _column, _pendingWrap);
        SavedCursor saved = _primary.Saved;
        Span<CursorPlace> places = [AlternateScreen ? new(saved.Row, saved.Column, saved.PendingWrap) : cursor, new(saved.Row, saved.Column, saved.PendingWrap)];
        Reflow.Resize(_primary, _scrollback, columns, rows, places);
        (_primary.Saved.Row, _primary.Saved.Column, _primary.Saved.PendingWrap) = (places[1].Row, places[1].Column, places[1].PendingWrap);
        if (AlternateScreen)
        {
            int removed = _alternate!.Crop(columns, rows, _row);
            cursor = new CursorPlace(_row - removed, Math.Min(_column, columns - 1), PendingWrap: false);
        }
        else
        {
            _alternate?.Crop(columns, rows, 0);
            cursor = places[0];
        }

        (_row, _column, _pendingWrap) = (Math.Clamp(cursor.Row, 0, rows - 1), Math.Clamp(cursor.Column, 0, columns - 1), cursor.PendingWrap);
        if (Is(Mode.LeftRightMargins))
        {
            // Rows that came back from the scrollback may be of another size.
            ClearLineSizes();
        }

        ResetMargins();
        _tabStops.Columns = columns;
        ClampToLine();
        _pendingWrap = _pendingWrap && _column == RightLimit();
        _primary.Saved.Column = Math.Min(_primary.Saved.Column, _primary.ColumnsOf(_primary.Saved.Row) - 1);
        if (Is(Mode.InBandResize))
        {
            ReplyInBandSize();
        }
    }
}
