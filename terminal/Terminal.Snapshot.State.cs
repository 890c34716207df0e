namespace Sessiond.Vt;

/// <content>Snapshots: modes, margins, saved cursor, and last the cursor itself.</content>
public sealed partial class Terminal
{
    private sealed partial class SnapshotWriter
    {
        private void WriteState()
        {
            WriteFlagModes();
            WriteMouse();
            if (_terminal._cursorShape != 0)
            {
                Csi(Invariant($"{_terminal._cursorShape} q"));
            }

            foreach ((int resource, int value) in _terminal._modifyKeys)
            {
                Csi(Invariant($">{resource};{value}m"));
            }

            WriteKeyboard(_terminal._screen);
            if (_terminal._rectangleExtent)
            {
                Csi("2*x");
            }

            if (_terminal._eightBitReplies)
            {
                _out.Add("\e G"u8);
            }

            WriteMargins();
            WriteCursor();
        }

        /// <summary>Modes with no effect on painting or on where the cursor goes.</summary>
        private void WriteFlagModes()
        {
            foreach (ref readonly ModeDefinition mode in ModeTable.All)
            {
                if (mode.Mode >= Mode.MouseTracking || (mode.Traits & (ModeTraits.Placed | ModeTraits.Transient)) != 0)
                {
                    continue;
                }

                bool on = _terminal.Is(mode.Mode);
                bool touched = (_terminal._touchedModes & (1UL << (int)mode.Mode)) != 0;
                if (on != mode.Has(ModeTraits.Default) || (touched && mode.Has(ModeTraits.Preference)))
                {
                    WriteMode(mode, on);
                }
            }

            // These act when they are set, so they come in the right order: 40 before 3 would clear the screen.
            foreach (Mode mode in (ReadOnlySpan<Mode>)[Mode.Columns132, Mode.AllowColumns132, Mode.NoClearOnColumnChange, Mode.NationalCharsets])
            {
                if (_terminal.Is(mode))
                {
                    WriteMode(mode, on: true);
                }
            }
        }

        private void WriteMode(Mode mode, bool on)
        {
            foreach (ref readonly ModeDefinition definition in ModeTable.All)
            {
                if (definition.Mode == mode)
                {
                    WriteMode(definition, on);
                    return;
                }
            }
        }

        private void WriteMode(in ModeDefinition mode, bool on)
        {
            if (mode.Mode == Mode.ApplicationKeypad)
            {
                // DECKPAM and not DECNKM, which xterm has but tmux, and others, have not.
                _out.Add(on ? "\e="u8 : "\e>"u8);
                return;
            }

            Csi(Invariant($"{(mode.IsPrivate ? "?" : "")}{mode.Number}{(on ? 'h' : 'l')}"));
        }

        private void WriteMouse()
        {
            foreach (int number in _terminal._mouse.InOrder)
            {
                Csi(Invariant($"?{number}h"));
            }
        }

        /// <summary>The stack from the bottom; the flags in force are on top of it.</summary>
        private void WriteKeyboard(Screen screen)
        {
            KeyboardStack keyboard = screen.Keyboard;
            if (keyboard.IsDefault)
            {
                return;
            }

            for (int i = 0; i <= keyboard.Depth; i++)
            {
                int flags = i < keyboard.Depth ? keyboard.Below(i) : keyboard.Flags;
                if (i > 0)
                {
                    Csi(Invariant($">{flags}u"));
                }
                else if (flags != 0)
                {
                    Csi(Invariant($"={flags}u"));
                }
            }
        }

        private void WriteMargins()
        {
            if (_terminal._top != 0 || _terminal._bottom != _terminal.Rows - 1)
            {
                Csi(Invariant($"{_terminal._top + 1};{_terminal._bottom + 1}r"));
            }

            if (_terminal.Is(Mode.LeftRightMargins))
            {
                WriteColumnMargins();
            }
        }

        private void WriteColumnMargins()
        {
            Csi("?69h");
            if (_terminal.HasColumnMargins)
            {
                Csi(Invariant($"{_terminal._left + 1};{_terminal._right + 1}s"));
            }
        }

        /// <summary>
        /// Makes the cursor what DECSC saved, saves it, and leaves a blank screen. A cursor that waits to wrap is got by
        /// printing at the end of a line; where the line ended elsewhere then, a margin is put there.
        /// </summary>
        private void WriteSaved(in SavedCursor saved)
        {
            if (saved.Equals(SavedCursor.Home))
            {
                return;
            }

            bool margin = WriteMarginFor(saved);
            _out.Add(saved.Origin ? "\e[?6h"u8 : default);
            MoveTo(saved.Row, saved.Column);
            _out.Add(saved.PendingWrap ? " "u8 : default);
            SetPen(saved.Pen);
            WriteCharsets(saved.Charsets);
            _out.Add("\e7"u8);
            _out.Add(saved.Origin ? "\e[?6l"u8 : default);
            _out.Add(margin ? "\e[?69l"u8 : default);
            WriteCharsets(Charsets.Default);
            SetPen(default);
            _out.Add("\e[2J\e[H"u8);
        }

        /// <summary>A right margin at the saved cursor, when it waits to wrap and is not in the last column.</summary>
        private bool WriteMarginFor(in SavedCursor saved)
        {
            bool margin = saved.PendingWrap && saved.Column > 0 && saved.Column < _terminal.Columns - 1;
            if (margin)
            {
                Csi(Invariant($"?69h\e[1;{saved.Column + 1}s"));
            }

            return margin;
        }

        /// <summary>Prints the last cell of a row again, after which the next character wraps.</summary>
        private void PlacePending(Screen screen, int row, int column)
        {
            Cell cell = screen[row][column];
            int start = cell.IsTail ? column - 1 : column;
            cell = screen[row][start];
            MoveTo(row, start);
            if (!cell.IsEmpty)
            {
                PaintCell(cell, start, last: true);
                return;
            }

            // Nothing is printed there: a space gets the cursor there, and DECERA takes it away without moving it.
            SetPen(_terminal._styles[cell.Style]);
            _out.Add((byte)' ');
            (int y, int x) = (row + 1 - _originRow, column + 1 - _originColumn);
            Csi(Invariant($"{y};{x};{y};{x}$z"));
        }

        private void WriteCharsets(Charsets sets)
        {
            for (int i = 0; i < 4; i++)
            {
                if (sets[i] != _charsets[i])
                {
                    _out.Add((byte)0x1B);
                    _out.Add((byte)('(' + i));
                    _out.Add(sets[i]);
                }
            }

            // Right first: xterm.js takes these for shifts of GL.
            if (sets.Right != _charsets.Right)
            {
                _out.Add(sets.Right switch
                {
                    1 => "\e~"u8,
                    2 => "\e}"u8,
                    _ => "\e|"u8,
                });
            }

            if (sets.Left != _charsets.Left || sets.Right != _charsets.Right)
            {
                _out.Add(sets.Left switch
                {
                    0 => "\u000f"u8,
                    1 => "\u000e"u8,
                    2 => "\en"u8,
                    _ => "\eo"u8,
                });
            }

            _charsets = sets;
        }

        private Charsets _charsets = Charsets.Default;

        /// <summary>Modes that change how the rest is read, then the cursor, then what unfinished text needs.</summary>
        private void WriteCursor()
        {
            Terminal t = _terminal;
            if (t.Is(Mode.Origin))
            {
                Csi("?6h");
                (_originRow, _originColumn) = (t._top, t._left);
            }

            bool pending = t._pendingWrap;
            bool repeatable = TryFindRepeatable(out int start, out Cell cell);
            if (pending && !repeatable)
            {
                PlacePending(t._screen, t._row, t._column);
            }

            if (t.Is(Mode.NewLine))
            {
                WriteMode(Mode.NewLine, on: true);
            }

            SetPen(t._pen);
            if (t._isoProtection)
            {
                _out.Add(t._pen.Has(CellAttributes.Protected) ? "\eV"u8 : "\eV\eW"u8);
            }

            WriteCharsets(t._charsets);
            if (t.Is(Mode.GraphemeClusters))
            {
                WriteMode(Mode.GraphemeClusters, on: true);
            }

            if (!pending || repeatable)
            {
                MoveTo(t._row, repeatable ? start : t._column);
            }

            if (!t.Is(Mode.AutoWrap))
            {
                WriteMode(Mode.AutoWrap, on: false);
            }

            if (t.Is(Mode.Insert))
            {
                WriteMode(Mode.Insert, on: true);
            }

            if (pending && !repeatable)
            {
                // A control function, so that REP does not repeat what was printed here.
                Csi(SgrWriter.Describe(t._pen) + "m");
                _out.Add(t._pen.Has(CellAttributes.Protected) && !t._isoProtection ? "\e[1\"q"u8 : default);
            }

            if (t._singleShift != 0)
            {
                _out.Add(t._singleShift == 2 ? "\eN"u8 : "\eO"u8);
            }
            else if (repeatable)
            {
                PrintAgain(cell);
            }
        }

        /// <summary>
        /// The character before the cursor was printed last: REP repeats it, and what is printed next may join it. It is
        /// printed once more as the very last thing.
        /// </summary>
        private bool TryFindRepeatable(out int start, out Cell cell)
        {
            Terminal t = _terminal;
            cell = default;
            start = 0;
            if (t._lastGraphic < 0 || t._singleShift != 0 || !t.TryFindBefore(out start))
            {
                return false;
            }

            // In insert mode it is deleted first, which would end a line that goes on.
            if (t.Is(Mode.Insert) && (t._screen[t._row].Wrapped || t._screen[t._row].Size != LineSize.Single || start < t._left || start > t._right))
            {
                return false;
            }

            cell = t._screen[t._row][start];
            Span<int> codes = stackalloc int[GraphemeTable.MaxCodePoints + 1];
            int first = t.CodesOf(cell, codes) > 0 ? codes[0] : -1;
            int mapped = t._lastGraphic < 0x80 ? Charsets.Map(t._charsets[t._charsets.Left], t._lastGraphic) : t._lastGraphic;
            int width = cell.IsWide ? 2 : 1;
            bool inPlace = t._pendingWrap ? start + width - 1 == t._column : start + width == t._column;
            return first == mapped && inPlace && t._styles[cell.Style].Equals(t._pen)
                && (!t.Is(Mode.Origin) || (start >= t._left && t._row >= t._top && t._row <= t._bottom));
        }

        private void PrintAgain(Cell cell)
        {
            Terminal t = _terminal;
            if (t.Is(Mode.Insert))
            {
                Csi(cell.IsWide ? "2P" : "P");
            }

            _out.AddUtf8(t._lastGraphic);
            if (cell.IsCluster)
            {
                foreach (int code in t._graphemes[cell.Value][1..])
                {
                    _out.AddUtf8(code);
                }
            }
        }

        /// <summary>
        /// A string of more than 4 KiB is being published: the client is put into one too. What is kept of it comes along;
        /// of one whose effect is lost anyway, or that not everyone may have, only its end will be seen.
        /// </summary>
        private void WriteOpenString()
        {
            Parser<Handler> parser = _terminal._parser;
            if (!parser.IsReleased)
            {
                return;
            }

            if (parser.OpenString == StringKind.None)
            {
                // A sequence that is too long to mean anything.
                _out.Add(parser.State == ParserState.DcsIgnore ? "\eX"u8 : "\e[??"u8);
                return;
            }

            if (parser.OpenString != StringKind.Osc)
            {
                _out.Add("\eX"u8);
            }
            else if (parser.TextOverflowed || _terminal.OpenKind() is not null)
            {
                _out.Add("\e]99999;"u8);
            }
            else
            {
                _out.Add("\e]"u8);
                _out.Add(parser.OpenText);
            }

            if (parser.State == ParserState.TextEscape)
            {
                _out.Add("\e"u8);
            }
        }
    }
}
