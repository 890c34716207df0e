namespace Sessiond.Vt;

/// <content>Erasing, inserting and deleting at the cursor.</content>
public sealed partial class Terminal
{
    private void EraseCells(int y, int from, int to, bool selective)
    {
        if (selective || _isoProtection)
        {
            _screen.FillUnprotected(y, from, to, EraseCell(), _styles);
        }
        else
        {
            _screen.Fill(y, from, to, EraseCell());
        }
    }

    private void EraseInLine(int what, bool selective)
    {
        _pendingWrap = false;
        switch (what)
        {
            case 0:
                EraseCells(_row, _column, Columns, selective);
                break;
            case 1:
                EraseCells(_row, 0, _column + 1, selective);
                break;
            case 2:
                EraseCells(_row, 0, Columns, selective);
                break;
        }
    }

    private void EraseInDisplay(int what, bool selective)
    {
        switch (what)
        {
            case 0:
                EraseInLine(0, selective);
                EraseRows(_row + 1, Rows, selective);
                break;
            case 1:
                EraseRows(0, _row, selective);
                EraseInLine(1, selective);
                break;
            case 2:
                _pendingWrap = false;
                EraseRows(0, Rows, selective);
                break;
            case 3 when !selective:
                _scrollback.Clear();
                break;
        }
    }

    private void EraseRows(int from, int to, bool selective)
    {
        bool whole = !selective && !_isoProtection;
        for (int y = from; y < to; y++)
        {
            if (whole)
            {
                _screen.RowAt(y).Clear(EraseCell(), Columns);
            }
            else
            {
                EraseCells(y, 0, Columns, selective: true);
            }
        }

        if (from < to && whole)
        {
            EndLineAbove(from);
        }
    }

    /// <summary>What the row above went on in is gone.</summary>
    private void EndLineAbove(int row)
    {
        if (row > 0)
        {
            _screen.RowAt(row - 1).Wrapped = false;
        }
        else if (_screen == _primary)
        {
            _scrollback.EndLine();
        }
    }

    private void InsertCharacters(int count)
    {
        _pendingWrap = false;
        if (InColumnMargins)
        {
            _screen.InsertCells(_row, _column, EditLimit(), count, EraseCell());
        }
    }

    private void DeleteCharacters(int count)
    {
        _pendingWrap = false;
        if (InColumnMargins)
        {
            _screen.DeleteCells(_row, _column, EditLimit(), count, EraseCell());
        }
    }

    /// <summary>The right margin; cells beyond the middle of a double-width line can still be moved.</summary>
    private int EditLimit() => Math.Min(_right, Columns - 1);

    private void InsertLines(int count)
    {
        if (InMargins)
        {
            ScrollDown(_row, count);
            _pendingWrap = false;
            _column = _left;
        }
    }

    private void DeleteLines(int count)
    {
        if (!InMargins)
        {
            return;
        }

        _pendingWrap = false;
        _column = _left;
        if (HasColumnMargins)
        {
            _screen.ScrollBox(_row, _bottom, _left, _right, count, up: true, EraseCell());
            return;
        }

        EndLineAbove(_row);
        _screen.ScrollUp(_row, _bottom, count, EraseCell(), sink: null);
        ClampToLine();
    }

    /// <summary>DECALN: fills the screen with E, for adjusting the focus of a glass tube, and for vttest.</summary>
    private void AlignmentTest()
    {
        ResetMargins();
        SetMode(Mode.Origin, false);
        CursorTo(0, 0);
        EraseInDisplay(2, selective: false);
        var cell = new Cell('E', 0);
        for (int y = 0; y < Rows; y++)
        {
            _screen.RowAt(y).Clear();
            _screen[y].Writable(Columns, Columns)[..Columns].Fill(cell);
        }
    }

    private void SetLineSize(LineSize size)
    {
        // With left and right margins lines have one size only (VT510, DECLRMM).
        if (!Is(Mode.LeftRightMargins))
        {
            _screen[_row].Size = size;
            _pendingWrap = false;
            if (size != LineSize.Single)
            {
                // Lines wrap into each other only where all are of single width.
                _screen[_row].Wrapped = false;
                EndLineAbove(_row);
            }

            ClampToLine();
        }
    }

    private void SetProtection(bool on, bool iso)
    {
        _pen.Attributes = on ? _pen.Attributes | CellAttributes.Protected : _pen.Attributes & ~CellAttributes.Protected;

        // EPA ends protected text; only DECSCA makes ED and EL disregard protection again (xterm).
        _isoProtection = iso && (on || _isoProtection);

        PenChanged();
    }
}
