namespace Sessiond.Vt;

/// <content>SM, RM, DECSET, DECRST, XTSAVE, XTRESTORE and DECRQM, all by <see cref="ModeTable"/>.</content>
public sealed partial class Terminal
{
    /// <summary>Values that XTSAVE kept, by number of the mode.</summary>
    private readonly SortedDictionary<int, bool> _savedModes = [];

    private void SetModes(ControlSequence s, bool on)
    {
        if (s is { Prefix: (byte)'?', Count: 1 } && s[0] == 2048)
        {
            // The engine sends the reports of this mode; a client that did so too would be a second voice.
            CoverQuery();
        }

        for (int i = 0; i < s.Count; i++)
        {
            if (ModeTable.TryFind(s[i], s.Prefix == '?', out ModeDefinition definition))
            {
                SetMode(definition, on);
            }
        }
    }

    private void SetMode(in ModeDefinition definition, bool on)
    {
        if (definition.Has(ModeTraits.Owned))
        {
            _modeOwners[definition.Number] = _foregroundGroup;
        }

        switch (definition.Mode)
        {
            case Mode.MouseTracking or Mode.MouseEncoding when on:
                _mouse.Set(definition.Number);
                return;
            case Mode.MouseTracking or Mode.MouseEncoding:
                _mouse.Reset(definition.Number);
                return;
            case Mode.AlternateScreen:
                SwitchScreen(on, clear: false);
                return;
            case Mode.AlternateScreenClear:
                SwitchScreen(on, clear: !on);
                return;
            case Mode.SaveCursor when on:
                SaveCursor();
                return;
            case Mode.SaveCursor:
                RestoreCursor();
                return;
            case Mode.AlternateScreenSave:
                SwitchScreenAndCursor(on);
                return;
            default:
                SetMode(definition.Mode, on);
                ModeChanged(definition.Mode, on);
                return;
        }
    }

    /// <summary>What a mode does at once, beside being kept.</summary>
    private void ModeChanged(Mode mode, bool on)
    {
        switch (mode)
        {
            case Mode.Origin:
                CursorTo(0, 0);
                break;
            case Mode.LeftRightMargins when on:
                ClearLineSizes();
                break;
            case Mode.LeftRightMargins:
                _left = 0;
                _right = Columns - 1;
                break;
            case Mode.Columns132 when Is(Mode.AllowColumns132):
                ChangeColumns();
                break;
            case Mode.InBandResize when on:
                ReplyInBandSize();
                break;
        }
    }

    /// <summary>
    /// DECCOLM: the size of a session is its controller's, so the mode only does what else it does: margins, home, clear.
    /// </summary>
    private void ChangeColumns()
    {
        ResetMargins();
        if (!Is(Mode.NoClearOnColumnChange))
        {
            EraseInDisplay(2, selective: false);
        }

        CursorTo(0, 0);
    }

    private void ClearLineSizes()
    {
        for (int y = 0; y < Rows; y++)
        {
            _screen.RowAt(y).Size = LineSize.Single;
        }
    }

    private void SwitchScreen(bool alternate, bool clear)
    {
        if (alternate == AlternateScreen)
        {
            return;
        }

        if (clear)
        {
            _alternate?.Release();
        }

        if (alternate)
        {
            _alternate ??= new Screen(Columns, Rows, _codec);
            _screen = _alternate;
        }
        else
        {
            _screen = _primary;
        }

        ClampToLine();
    }

    /// <summary>Mode 1049: DECSC, then the cleared alternate screen; and back, then DECRC.</summary>
    private void SwitchScreenAndCursor(bool on)
    {
        if (on)
        {
            SaveCursor();
            SwitchScreen(alternate: true, clear: false);
            Cell fill = EraseCell();
            for (int y = 0; y < Rows; y++)
            {
                _screen.RowAt(y).Clear(fill, Columns);
            }
        }
        else
        {
            SwitchScreen(alternate: false, clear: true);
            RestoreCursor();
        }
    }

    /// <summary>Value of a mode as DECRQM tells it: 0 not known, 1 set, 2 reset.</summary>
    private int ModeState(int number, bool isPrivate)
    {
        if (!ModeTable.TryFind(number, isPrivate, out ModeDefinition definition))
        {
            return 0;
        }

        bool on = definition.Mode switch
        {
            Mode.MouseTracking => _mouse.Tracking == number,
            Mode.MouseEncoding => _mouse.Encoding == number,
            Mode.AlternateScreen or Mode.AlternateScreenClear or Mode.AlternateScreenSave => AlternateScreen,
            Mode.SaveCursor => !_screen.Saved.Equals(SavedCursor.Home),
            _ => Is(definition.Mode),
        };
        return on ? 1 : 2;
    }

    private void SaveModes(ControlSequence s)
    {
        for (int i = 0; i < s.Count; i++)
        {
            int state = ModeState(s[i], isPrivate: true);
            if (s[i] == 1048)
            {
                SaveCursor();
            }
            else if (state != 0)
            {
                _savedModes[s[i]] = state == 1;
                ModeTable.TryFind(s[i], true, out ModeDefinition definition);
                _touchedModes |= definition.Mode < Mode.MouseTracking ? 1UL << (int)definition.Mode : 0;
            }
        }
    }

    private void RestoreModes(ControlSequence s)
    {
        for (int i = 0; i < s.Count; i++)
        {
            if (s[i] == 1048)
            {
                RestoreCursor();
            }
            else if (_savedModes.TryGetValue(s[i], out bool on) && ModeTable.TryFind(s[i], true, out ModeDefinition definition))
            {
                SetMode(definition, on);
            }
        }
    }
}
