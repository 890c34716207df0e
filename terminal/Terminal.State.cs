using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <content>What is neither screen nor scrollback: cursor, pen, margins, modes; and their reset.</content>
public sealed partial class Terminal
{
    private readonly MouseModes _mouse = new();
    private readonly TabStops _tabStops;
    private int _row;
    private int _column;
    private bool _pendingWrap;
    private Style _pen;
    private uint _penId;
    private bool _penChanged;
    private Cell _eraseCell;
    private bool _eraseCellKnown;
    private bool _isoProtection;
    private Charsets _charsets;
    private int _singleShift;
    private bool _eightBitReplies;
    private int _lastGraphic;
    private int _top;
    private int _bottom;
    private int _left;
    private int _right;
    private ulong _modes;

    /// <summary>Modes that the program set or reset since RIS.</summary>
    private ulong _touchedModes;

    /// <summary>DECSCUSR, 0 is what the user prefers.</summary>
    private int _cursorShape;

    /// <summary>DECSACE 2: DECCARA and DECRARA work on a rectangle, else on the text from corner to corner.</summary>
    private bool _rectangleExtent;

    private bool Is(Mode mode) => (_modes & (1UL << (int)mode)) != 0;

    private void SetMode(Mode mode, bool on)
    {
        ulong bit = 1UL << (int)mode;
        _modes = on ? _modes | bit : _modes & ~bit;
        _touchedModes |= bit;
    }

    private bool HasColumnMargins
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _left != 0 || _right != Columns - 1;
    }

    /// <summary>The cursor is between the left and right margins.</summary>
    private bool InColumnMargins => _column >= _left && _column <= _right;

    /// <summary>The cursor is between all four margins.</summary>
    private bool InMargins => _row >= _top && _row <= _bottom && InColumnMargins;

    /// <summary>Where rows go that leave the top of the region: only whole rows of the primary screen are kept.</summary>
    private Scrollback? Sink => _screen == _primary && _top == 0 && !HasColumnMargins ? _scrollback : null;

    /// <summary>The style that text is printed with now, interned when it is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint PenId() => _penChanged ? InternPen() : _penId;

    private uint InternPen()
    {
        if (_styles.IsDue || _links.IsDue)
        {
            Reclaim();
        }

        _penId = _styles.Intern(_pen);
        _penChanged = false;
        return _penId;
    }

    /// <summary>A cell as erasing leaves it: the pen's background alone.</summary>
    private Cell EraseCell()
    {
        if (!_eraseCellKnown)
        {
            PenId();
            _eraseCell = new Cell(0, _styles.Intern(_pen.ForErase()));
            _eraseCellKnown = true;
        }

        return _eraseCell;
    }

    private void SetPen(in Style pen)
    {
        _pen = pen;
        PenChanged();
    }

    private void PenChanged()
    {
        _penChanged = true;
        _eraseCellKnown = false;
    }

    /// <summary>
    /// RIS: everything as it was at the start, but titles and folder, which are the window's (xterm), and what the
    /// controller told about its terminal.
    /// </summary>
    private void ResetState()
    {
        _screen = _primary;
        _alternate = null;
        _primary.Release();
        _primary.Saved = SavedCursor.Home;
        _primary.Keyboard.Reset();
        _scrollback.Clear();
        _row = 0;
        _column = 0;
        _pendingWrap = false;
        SetPen(default);
        _isoProtection = false;
        _charsets = Charsets.Default;
        _singleShift = 0;
        _eightBitReplies = false;
        _lastGraphic = -1;
        ResetMargins();
        _modes = ModeTable.Defaults;
        _touchedModes = 0;
        _savedModes.Clear();
        _mouse.Clear();
        _modeOwners.Clear();
        _cursorShape = 0;
        _rectangleExtent = false;
        _tabStops.Reset();
        _penStack.Clear();
        _colors.Reset();
        _modifyKeys.Clear();
    }

    /// <summary>DECSTR, as in the VT510 manual.</summary>
    private void SoftReset()
    {
        ulong soft = ModeTable.Bits(ModeTraits.SoftReset);
        _modes = (_modes & ~soft) | (ModeTable.Defaults & soft);

        // xterm's DECSTR turns wrapping on, where the manual has it off; programs count on xterm.
        SetMode(Mode.AutoWrap, true);
        ResetMargins();
        SetPen(default);
        _isoProtection = false;
        _charsets = Charsets.Default;
        _singleShift = 0;
        _screen.Saved = SavedCursor.Home;
        _screen.Keyboard.Reset();
        _modifyKeys.Clear();
        _cursorShape = 0;
        _rectangleExtent = false;
    }

    private void ResetMargins()
    {
        _top = 0;
        _bottom = Rows - 1;
        _left = 0;
        _right = Columns - 1;
    }

    private void SaveCursor() => _screen.Saved = new SavedCursor
    {
        Row = _row,
        Column = _column,
        PendingWrap = _pendingWrap,
        Origin = Is(Mode.Origin),
        Pen = _pen,
        Charsets = _charsets,
    };

    private void RestoreCursor()
    {
        SavedCursor saved = _screen.Saved;
        SetModeBit(Mode.Origin, saved.Origin);
        SetPen(saved.Pen);
        _charsets = saved.Charsets;
        _row = Math.Min(saved.Row, Rows - 1);
        _column = Math.Min(saved.Column, _screen.ColumnsOf(_row) - 1);
        if (saved.Origin)
        {
            _row = Math.Clamp(_row, _top, _bottom);
            _column = Math.Clamp(_column, _left, _right);
        }

        _pendingWrap = _column == saved.Column && _row == saved.Row && IsPending(_screen, saved);
    }

    /// <summary>The saved cursor still is at the end of its line, as margins and the line's size are now.</summary>
    private bool IsPending(Screen screen, in SavedCursor saved) =>
        saved.PendingWrap && saved.Row < Rows && saved.Column == RightLimit(screen, saved.Row, saved.Column);

    /// <summary>Sets the bit without counting it as the program's own wish.</summary>
    private void SetModeBit(Mode mode, bool on)
    {
        ulong touched = _touchedModes;
        SetMode(mode, on);
        _touchedModes = touched;
    }
}
