namespace Sessiond.Vt;

/// <content>CSI sequences. Unknown ones are ignored.</content>
public sealed partial class Terminal
{
    private void CsiDispatch(ControlSequence s)
    {
        int lastGraphic = _lastGraphic;
        _lastGraphic = -1;
        if (s.Prefix == 0 && s.Intermediates == 0)
        {
            PlainCsi(s, lastGraphic);
        }
        else if (s.Prefix != 0)
        {
            PrivateCsi(s);
        }
        else
        {
            IntermediateCsi(s);
        }
    }

    private void PlainCsi(ControlSequence s, int lastGraphic)
    {
        switch (s.Final)
        {
            case (byte)'m':
                SelectGraphicRendition(s);
                break;
            case (byte)'A':
                CursorUp(s.Get(0, 1));
                break;
            case (byte)'B':
                CursorDown(s.Get(0, 1));
                break;
            case (byte)'C':
                CursorForward(s.Get(0, 1));
                break;
            case (byte)'D':
                CursorBackward(s.Get(0, 1));
                break;
            case (byte)'E':
                CursorDown(s.Get(0, 1));
                CarriageReturn();
                break;
            case (byte)'F':
                CursorUp(s.Get(0, 1));
                CarriageReturn();
                break;
            case (byte)'G' or (byte)'`':
                CursorToColumn(s.Get(0, 1) - 1);
                break;
            case (byte)'H' or (byte)'f':
                CursorTo(s.Get(0, 1) - 1, s.Get(1, 1) - 1);
                break;
            case (byte)'e':
                MoveBy(s.Get(0, 1), 0);
                break;
            case (byte)'a':
                MoveBy(0, s.Get(0, 1));
                break;
            case (byte)'d':
                CursorToRow(s.Get(0, 1) - 1);
                break;
            case (byte)'I':
                CursorToTab(s.Get(0, 1));
                break;
            case (byte)'Z':
                CursorBackTab(s.Get(0, 1));
                break;
            case (byte)'b':
                Repeat(lastGraphic, s.Get(0, 1));
                break;
            case (byte)'h':
                SetModes(s, on: true);
                break;
            case (byte)'l':
                SetModes(s, on: false);
                break;
            default:
                EditCsi(s);
                break;
        }
    }

    private void EditCsi(ControlSequence s)
    {
        switch (s.Final)
        {
            case (byte)'J':
                EraseInDisplay(s[0], selective: false);
                break;
            case (byte)'K':
                EraseInLine(s[0], selective: false);
                break;
            case (byte)'X':
                _pendingWrap = false;
                EraseCells(_row, _column, _column + Math.Min(s.Get(0, 1), Columns), selective: false);
                break;
            case (byte)'@':
                InsertCharacters(s.Get(0, 1));
                break;
            case (byte)'P':
                DeleteCharacters(s.Get(0, 1));
                break;
            case (byte)'L':
                InsertLines(s.Get(0, 1));
                break;
            case (byte)'M':
                DeleteLines(s.Get(0, 1));
                break;
            case (byte)'S':
                ScrollUp(s.Get(0, 1));
                break;
            case (byte)'T' when s.Count <= 1:
            case (byte)'^':
                ScrollDown(_top, s.Get(0, 1));
                break;
            case (byte)'g':
                ClearTabStops(s[0]);
                break;
            case (byte)'r':
                SetMargins(s);
                break;
            case (byte)'s' when Is(Mode.LeftRightMargins):
                SetColumnMargins(s);
                break;
            case (byte)'s':
                SaveCursor();
                break;
            case (byte)'u':
                RestoreCursor();
                break;
            default:
                ReportCsi(s);
                break;
        }
    }

    private void PrivateCsi(ControlSequence s)
    {
        switch (s.Key)
        {
            case ('?' << 24) | 'h':
                SetModes(s, on: true);
                break;
            case ('?' << 24) | 'l':
                SetModes(s, on: false);
                break;
            case ('?' << 24) | 's':
                SaveModes(s);
                break;
            case ('?' << 24) | 'r':
                RestoreModes(s);
                break;
            case ('?' << 24) | 'J':
                EraseInDisplay(s[0], selective: true);
                break;
            case ('?' << 24) | 'K':
                EraseInLine(s[0], selective: true);
                break;
            case ('?' << 24) | 'W' when s[0] == 5:
                _tabStops.Reset();
                break;
            case ('>' << 24) | 'u':
                _screen.Keyboard.Push(s[0], _foregroundGroup);
                break;
            case ('<' << 24) | 'u':
                _screen.Keyboard.Pop(s.Get(0, 1));
                break;
            case ('=' << 24) | 'u':
                _screen.Keyboard.Set(s[0], s.Get(1, 1), _foregroundGroup);
                break;
            case ('>' << 24) | 'm':
                SetModifyKeys(s);
                break;
            case ('>' << 24) | 'n':
                _modifyKeys.Remove(s.Count == 0 ? 2 : s[0]);
                break;
            default:
                PrivateReport(s);
                break;
        }
    }

    private void IntermediateCsi(ControlSequence s)
    {
        switch (s.Key)
        {
            case (' ' << 8) | 'q':
                _cursorShape = s[0] <= 6 ? s[0] : _cursorShape;
                break;
            case ('!' << 8) | 'p':
                SoftReset();
                break;
            case ('"' << 8) | 'q':
                SetProtection(s[0] == 1, iso: false);
                break;
            case (' ' << 8) | '@':
                ShiftInMargins(s, _left, insert: false);
                break;
            case (' ' << 8) | 'A':
                ShiftInMargins(s, _left, insert: true);
                break;
            case ('\'' << 8) | '}':
                ShiftInMargins(s, _column, insert: true);
                break;
            case ('\'' << 8) | '~':
                ShiftInMargins(s, _column, insert: false);
                break;
            case ('#' << 8) | '{':
            case ('#' << 8) | 'p':
                PushPen(s);
                break;
            case ('#' << 8) | '}':
            case ('#' << 8) | 'q':
                PopPen();
                break;
            case ('#' << 8) | 'P':
                _colors.Push(s[0]);
                break;
            case ('#' << 8) | 'Q':
                _colors.Pop(s[0]);
                break;
            case ('*' << 8) | 'x':
                _rectangleExtent = s[0] == 2;
                break;
            default:
                if (!RectangleCsi(s))
                {
                    IntermediateReport(s);
                }

                break;
        }
    }

    /// <summary>REP. A count is cut to what a screen holds, so that it costs no more than the screen.</summary>
    private void Repeat(int code, int count)
    {
        if (code < 0)
        {
            return;
        }

        // The character is what stands before the cursor, with its marks.
        Cell cell = TryFindBefore(out int column) ? _screen[_row][column] : default;
        if (cell.IsEmpty)
        {
            return;
        }

        for (count = Math.Min(count, Columns * Rows); count > 0; count--)
        {
            PutCell(cell.Content & (Cell.ValueMask | Cell.ClusterFlag), cell.IsWide ? 2 : 1);
        }
    }

    private void SetMargins(ControlSequence s)
    {
        int top = s.Get(0, 1) - 1;
        int bottom = Math.Min(s.Get(1, Rows), Rows) - 1;
        if (top < bottom)
        {
            (_top, _bottom) = (top, bottom);
            CursorTo(0, 0);
        }
    }

    private void SetColumnMargins(ControlSequence s)
    {
        int left = s.Get(0, 1) - 1;
        int right = Math.Min(s.Get(1, Columns), Columns) - 1;
        if (left < right)
        {
            (_left, _right) = (left, right);
            CursorTo(0, 0);
        }
    }

    private void ClearTabStops(int what)
    {
        if (what == 0)
        {
            _tabStops[_column] = false;
        }
        else if (what == 3)
        {
            _tabStops.Clear();
        }
    }

    private void ShiftInMargins(ControlSequence s, int from, bool insert)
    {
        if (InMargins)
        {
            _pendingWrap = false;
            ShiftColumns(from, s.Get(0, 1), insert);
        }
    }
}
