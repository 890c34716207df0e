namespace Sessiond.Vt;

/// <content>SGR (ECMA-48 8.3.117, xterm ctlseqs, ITU T.416 colours, kitty underlines) and its stack.</content>
public sealed partial class Terminal
{
    /// <summary>Pens that XTPUSHSGR keeps, as in xterm.</summary>
    private const int MaxPenStack = 10;

    private readonly List<(Style Pen, uint Parts)> _penStack = [];

    private void SelectGraphicRendition(ControlSequence s)
    {
        PenChanged();
        if (s.Count == 0)
        {
            ResetRendition();
            return;
        }

        ApplyRendition(s, 0, ref _pen);
    }

    /// <summary>SGR 0 keeps protection and the hyperlink, which have sequences of their own.</summary>
    private void ResetRendition() =>
        _pen = new Style { Link = _pen.Link, Attributes = _pen.Attributes & CellAttributes.Protected };

    private static void ApplyRendition(ControlSequence s, int first, ref Style pen)
    {
        for (int i = first; i < s.Count; i++)
        {
            if (s.IsSubParameter(i))
            {
                continue;
            }

            int value = s[i];
            switch (value)
            {
                case 0:
                    pen = new Style { Link = pen.Link, Attributes = pen.Attributes & CellAttributes.Protected };
                    break;
                case 4:
                    pen.Underline = s.IsSubParameter(i + 1) ? (s[i + 1] <= 5 ? s[i + 1] : pen.Underline) : 1;
                    break;
                case 38 or 48 or 58:
                    i = ApplyExtendedColor(s, i, ref pen);
                    break;
                case >= 30 and <= 37:
                    pen.Foreground = Color.Basic | (uint)(value - 30);
                    break;
                case >= 40 and <= 47:
                    pen.Background = Color.Basic | (uint)(value - 40);
                    break;
                case >= 90 and <= 97:
                    pen.Foreground = Color.Basic | (uint)(value - 90 + 8);
                    break;
                case >= 100 and <= 107:
                    pen.Background = Color.Basic | (uint)(value - 100 + 8);
                    break;
                default:
                    ApplyAttribute(value, ref pen);
                    break;
            }
        }
    }

    private static void ApplyAttribute(int value, ref Style pen)
    {
        switch (value)
        {
            case 21:
                pen.Underline = 2;
                break;
            case 24:
                pen.Underline = 0;
                break;
            case 39:
                pen.Foreground = 0;
                break;
            case 49:
                pen.Background = 0;
                break;
            case 59:
                pen.UnderlineColor = 0;
                break;
            case 22:
                pen.Attributes &= ~(CellAttributes.Bold | CellAttributes.Faint);
                break;
            case 25:
                pen.Attributes &= ~(CellAttributes.Blink | CellAttributes.RapidBlink);
                break;
            default:
                pen.Attributes = (pen.Attributes | AttributeSetBy(value)) & ~AttributeResetBy(value);
                break;
        }
    }

    private static CellAttributes AttributeSetBy(int value) => value switch
    {
        1 => CellAttributes.Bold,
        2 => CellAttributes.Faint,
        3 => CellAttributes.Italic,
        5 => CellAttributes.Blink,
        6 => CellAttributes.RapidBlink,
        7 => CellAttributes.Inverse,
        8 => CellAttributes.Invisible,
        9 => CellAttributes.Strike,
        53 => CellAttributes.Overline,
        _ => CellAttributes.None,
    };

    private static CellAttributes AttributeResetBy(int value) => value switch
    {
        23 => CellAttributes.Italic,
        27 => CellAttributes.Inverse,
        28 => CellAttributes.Invisible,
        29 => CellAttributes.Strike,
        55 => CellAttributes.Overline,
        _ => CellAttributes.None,
    };

    /// <summary>
    /// <c>38;5;n</c>, <c>38;2;r;g;b</c>, and with colons <c>38:5:n</c>, <c>38:2:r:g:b</c>, <c>38:2:space:r:g:b</c>.
    /// Returns the index of the last parameter that belongs to it.
    /// </summary>
    private static int ApplyExtendedColor(ControlSequence s, int at, ref Style pen)
    {
        int end = at + 1;
        while (s.IsSubParameter(end))
        {
            end++;
        }

        bool colons = end > at + 1;
        int count = colons ? end - at - 1 : s.Count - at - 1;
        int kind = s[at + 1];
        int last = colons ? end - 1 : at + (kind == 2 ? 4 : kind == 5 ? 2 : 1);
        uint color;
        if (kind == 5 && count >= 2 && s[at + 2] <= 255)
        {
            color = Color.Indexed | (uint)s[at + 2];
        }
        else if (kind == 2 && count >= 4)
        {
            int red = colons && count >= 5 ? at + 3 : at + 2;
            if (s[red] > 255 || s[red + 1] > 255 || s[red + 2] > 255)
            {
                return last;
            }

            color = Color.Rgb | (uint)((s[red] << 16) | (s[red + 1] << 8) | s[red + 2]);
        }
        else
        {
            return last;
        }

        switch (s[at])
        {
            case 38:
                pen.Foreground = color;
                break;
            case 48:
                pen.Background = color;
                break;
            default:
                pen.UnderlineColor = color;
                break;
        }

        return last;
    }

    /// <summary>XTPUSHSGR; its parameters name the parts that XTPOPSGR will restore, none is all.</summary>
    private void PushPen(ControlSequence s)
    {
        if (_penStack.Count == MaxPenStack)
        {
            return;
        }

        uint parts = 0;
        for (int i = 0; i < s.Count; i++)
        {
            parts |= s[i] is > 0 and < 32 ? 1u << s[i] : 0;
        }

        _penStack.Add((_pen, parts));
    }

    private void PopPen()
    {
        if (_penStack.Count == 0)
        {
            return;
        }

        (Style saved, uint parts) = _penStack[^1];
        _penStack.RemoveAt(_penStack.Count - 1);
        PenChanged();
        CellAttributes kept = _pen.Attributes & CellAttributes.Protected;
        if (parts == 0)
        {
            saved.Link = _pen.Link;
            saved.Attributes = (saved.Attributes & ~CellAttributes.Protected) | kept;
            _pen = saved;
            return;
        }

        CellAttributes mask = 0;
        for (int part = 1; part <= 9; part++)
        {
            mask |= (parts & (1u << part)) != 0 ? (part == 4 ? CellAttributes.UnderlineMask : AttributeSetBy(part)) : 0;
        }

        mask |= (parts & (1u << 21)) != 0 ? CellAttributes.UnderlineMask : 0;
        _pen.Attributes = (_pen.Attributes & ~mask) | (saved.Attributes & mask);
        _pen.Foreground = (parts & (1u << 30)) != 0 ? saved.Foreground : _pen.Foreground;
        _pen.Background = (parts & (1u << 31)) != 0 ? saved.Background : _pen.Background;
    }
}
