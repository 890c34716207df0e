namespace Sessiond.Vt;

/// <content>Rectangles of the VT420: DECCRA, DECFRA, DECERA, DECSERA, DECCARA, DECRARA, DECRQCRA.</content>
public sealed partial class Terminal
{
    private bool RectangleCsi(ControlSequence s)
    {
        switch (s.Key)
        {
            case ('$' << 8) | 'v':
                CopyRectangle(s);
                return true;
            case ('$' << 8) | 'x':
                FillRectangle(s);
                return true;
            case ('$' << 8) | 'z':
                EraseRectangle(s, selective: false);
                return true;
            case ('$' << 8) | '{':
                EraseRectangle(s, selective: true);
                return true;
            case ('$' << 8) | 'r':
                ChangeRectangle(s, reverse: false);
                return true;
            case ('$' << 8) | 't':
                ChangeRectangle(s, reverse: true);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads Pt;Pl;Pb;Pr, counted from the margins in origin mode and cut to the screen or to them.</summary>
    private bool TryReadRectangle(ControlSequence s, int first, out Rectangle area, bool stream = false)
    {
        bool origin = Is(Mode.Origin);
        int rowBase = origin ? _top : 0;
        int columnBase = origin ? _left : 0;
        int lastRow = origin ? _bottom : Rows - 1;
        int lastColumn = origin ? _right : Columns - 1;
        area = new Rectangle(
            rowBase + s.Get(first, 1) - 1,
            columnBase + s.Get(first + 1, 1) - 1,
            s[first + 2] == 0 ? lastRow : Math.Min(rowBase + s[first + 2] - 1, lastRow),
            s[first + 3] == 0 ? lastColumn : Math.Min(columnBase + s[first + 3] - 1, lastColumn));
        bool ordered = area.Left <= area.Right || (stream && area.Top < area.Bottom);
        return ordered && area.Top <= area.Bottom && area.Top <= lastRow && area.Left <= lastColumn;
    }

    /// <summary>DECCRA: Pt;Pl;Pb;Pr;Pp;Pt;Pl;Pp; there is one page.</summary>
    private void CopyRectangle(ControlSequence s)
    {
        if (!TryReadRectangle(s, 0, out Rectangle from))
        {
            return;
        }

        bool origin = Is(Mode.Origin);
        int top = s.Get(5, 1) - 1 + (origin ? _top : 0);
        int left = s.Get(6, 1) - 1 + (origin ? _left : 0);
        int height = Math.Min(from.Height, (origin ? _bottom + 1 : Rows) - top);
        int width = Math.Min(from.Width, (origin ? _right + 1 : Columns) - left);
        if (width <= 0)
        {
            return;
        }

        for (int i = 0; i < height; i++)
        {
            // From the end when the areas overlap that way, so that no row is read after it was written.
            int y = top > from.Top ? height - 1 - i : i;
            _screen.CopyCells(from.Top + y, from.Left, width, top + y, left);
        }
    }

    /// <summary>DECFRA: Pch;Pt;Pl;Pb;Pr.</summary>
    private void FillRectangle(ControlSequence s)
    {
        int code = s[0];
        if (code is not (>= 0x20 and <= 0x7E or >= 0xA0 and <= 0xFF) || !TryReadRectangle(s, 1, out Rectangle area))
        {
            return;
        }

        code = code < 0x80 ? Charsets.Map(_charsets[_charsets.Left], code) : code;
        var cell = new Cell((uint)code, PenId());
        for (int y = area.Top; y <= area.Bottom; y++)
        {
            // Halves of wide cells beside the area are erased, not filled.
            Screen.SplitWide(_screen[y], area.Left, EraseCell());
            Screen.SplitWide(_screen[y], Math.Min(area.Right + 1, Columns), EraseCell());
            _screen.Fill(y, area.Left, area.Right + 1, cell);
        }
    }

    private void EraseRectangle(ControlSequence s, bool selective)
    {
        if (!TryReadRectangle(s, 0, out Rectangle area))
        {
            return;
        }

        for (int y = area.Top; y <= area.Bottom; y++)
        {
            if (selective)
            {
                _screen.FillUnprotected(y, area.Left, area.Right + 1, EraseCell(), _styles);
            }
            else
            {
                _screen.Fill(y, area.Left, area.Right + 1, EraseCell());
            }
        }
    }

    /// <summary>DECCARA sets SGR attributes of an area, DECRARA reverses them: Pt;Pl;Pb;Pr;Ps...</summary>
    private void ChangeRectangle(ControlSequence s, bool reverse)
    {
        if (!TryReadRectangle(s, 0, out Rectangle area, stream: !_rectangleExtent))
        {
            return;
        }

        for (int y = area.Top; y <= area.Bottom; y++)
        {
            int from = _rectangleExtent || y == area.Top ? area.Left : 0;
            int to = _rectangleExtent || y == area.Bottom ? area.Right : Columns - 1;
            ChangeCells(s, y, from, to, reverse);
        }
    }

    private void ChangeCells(ControlSequence s, int y, int from, int to, bool reverse)
    {
        Row row = _screen[y];
        from -= row[from].IsTail ? 1 : 0;
        to += row[to].IsWide ? 1 : 0;
        Span<Cell> cells = row.Writable(to + 1, Columns);
        uint lastId = uint.MaxValue;
        uint changedId = 0;
        for (int x = from; x <= to; x++)
        {
            Cell cell = cells[x];
            if (cell.IsEmpty)
            {
                // An erased cell shows no attribute, and keeps none.
                continue;
            }

            if (cell.Style != lastId)
            {
                lastId = cell.Style;
                Style style = _styles[lastId];
                if (reverse)
                {
                    ReverseRendition(s, ref style);
                }
                else if (s.Count <= 4)
                {
                    style = new Style { Link = style.Link, Attributes = style.Attributes & CellAttributes.Protected };
                }
                else
                {
                    ApplyRendition(s, 4, ref style);
                }

                changedId = _styles.Intern(style);
            }

            cells[x] = cell.WithStyle(changedId);
        }
    }

    private static void ReverseRendition(ControlSequence s, ref Style style)
    {
        for (int i = 4; i < Math.Max(s.Count, 5); i++)
        {
            switch (s[i])
            {
                case 0:
                    const CellAttributes all = CellAttributes.Bold | CellAttributes.Blink | CellAttributes.Inverse | CellAttributes.Invisible;
                    style.Attributes ^= all;
                    style.Underline = style.Underline == 0 ? 1 : 0;
                    break;
                case 4:
                    style.Underline = style.Underline == 0 ? 1 : 0;
                    break;
                case 1 or 5 or 7 or 8:
                    style.Attributes ^= AttributeSetBy(s[i]);
                    break;
            }
        }
    }

    /// <summary>
    /// DECRQCRA: Pid;Pp;Pt;Pl;Pb;Pr. The checksum is the negative sum of characters and of the VT420's weights of attributes,
    /// as xterm counts it.
    /// </summary>
    private void ReportChecksum(ControlSequence s)
    {
        int sum = 0;
        if (TryReadRectangle(s, 2, out Rectangle area))
        {
            for (int y = area.Top; y <= area.Bottom; y++)
            {
                for (int x = area.Left; x <= area.Right; x++)
                {
                    sum += ChecksumOf(_screen[y][x]);
                }
            }
        }

        ReplyString(Invariant($"P{s[0]}!~{-sum & 0xFFFF:X4}"));
    }

    private int ChecksumOf(Cell cell)
    {
        if (cell.IsTail)
        {
            return 0;
        }

        Style style = _styles[cell.Style];
        int sum = cell.IsEmpty ? ' ' : cell.IsCluster ? _graphemes[cell.Value][0] : (int)cell.Value;
        sum += style.Has(CellAttributes.Protected) ? 0x04 : 0;
        sum += style.Has(CellAttributes.Invisible) ? 0x08 : 0;
        sum += style.Underline != 0 ? 0x10 : 0;
        sum += style.Has(CellAttributes.Inverse) ? 0x20 : 0;
        sum += style.Has(CellAttributes.Blink | CellAttributes.RapidBlink) ? 0x40 : 0;
        return sum + (style.Has(CellAttributes.Bold) ? 0x80 : 0);
    }

    /// <summary>An area of the screen; all four edges belong to it.</summary>
    private readonly record struct Rectangle(int Top, int Left, int Bottom, int Right)
    {
        public int Height => Bottom - Top + 1;

        public int Width => Right - Left + 1;
    }
}
