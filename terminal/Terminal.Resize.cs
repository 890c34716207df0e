namespace Sessiond.Vt;

/// <content>Change of size: the primary screen and its scrollback reflow, the alternate screen is cut or grows.</content>
public sealed partial class Terminal
{
    /// <summary>Changes the size.</summary>
    /// <param name="columns">Columns, clamped to 1..<see cref="MaxSize"/>.</param>
    /// <param name="rows">Rows, clamped likewise.</param>
    /// <param name="pixelWidth">Width of the text area in pixels; 0 when it is not told: then a cell stays as large as it was.</param>
    /// <param name="pixelHeight">Height, likewise.</param>
    public void Resize(int columns, int rows, int pixelWidth = 0, int pixelHeight = 0)
    {
        columns = Clamp(columns);
        rows = Clamp(rows);
        bool hasOtherPixels = TakePixels(columns, rows, pixelWidth, pixelHeight);
        bool hasOtherCells = columns != Columns || rows != Rows;
        if (hasOtherCells)
        {
            ResizeCells(columns, rows);
        }

        if ((hasOtherCells || hasOtherPixels) && Is(Mode.InBandResize))
        {
            ReplyInBandSize();
        }
    }

    private bool TakePixels(int columns, int rows, int width, int height)
    {
        if (width <= 0 || height <= 0)
        {
            width = _profile.PixelWidth / Columns * columns;
            height = _profile.PixelHeight / Rows * rows;
        }

        (width, height) = (Math.Min(width, ushort.MaxValue), Math.Min(height, ushort.MaxValue));
        if (width == _profile.PixelWidth && height == _profile.PixelHeight)
        {
            return false;
        }

        _profile = _profile with { PixelWidth = width, PixelHeight = height };
        return true;
    }

    private void ResizeCells(int columns, int rows)
    {
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
    }
}
