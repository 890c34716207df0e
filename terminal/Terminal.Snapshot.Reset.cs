namespace Sessiond.Vt;

/// <content>Snapshots: bringing the client's terminal to a known state, whatever it was in.</content>
public sealed partial class Terminal
{
    private sealed partial class SnapshotWriter
    {
        /// <summary>
        /// Ends whatever string or character was unfinished, leaves the alternate screen, and resets all that DECSTR and RIS
        /// of one or the other terminal leave as it was.
        /// </summary>
        private void ResetClient()
        {
            // CAN ends a sequence without acting on it, ST ends what is left.
            _out.Add("\u0018\e\\\e[?1049l"u8);
            if (!options.KeepClientScrollback)
            {
                _out.Add("\ec"u8);
            }

            _out.Add("\e[!p\e[m\e[0\"q\e]8;;\e\\"u8);

            // Characters: UTF-8, G0-G3 are ASCII, GL is G0, reports are 7 bit.
            _out.Add("\e%G\e(B\e)B\e*B\e+B\u000f\e F"u8);
            _out.Add("\e[4;20l\e[12h\e[?69h\e[s\e[?69l\e[r\e[?5;6;45;1045l\e[?7h\e[2*x"u8);
            _out.Add("\e[*x\e[?9;1000;1001;1002;1003;1005;1006;1015;1016l"u8);
            _out.Add("\e[?1;3;40;42;66;95;1004;2004;2027;2031;2048;9001l\e>\e[>4m\e[?25h\e[0 q"u8);
            if (options.KeepClientScrollback || !_terminal._tabStops.IsDefault)
            {
                WriteTabStops();
            }

            // Colours, title and their stacks; the keyboard's stack of both screens has at most this many entries.
            _out.Add("\e]104\e\\\e]105\e\\"u8);
            for (int number = 110; number <= 119; number++)
            {
                _out.AddText(Invariant($"\e]{number}\e\\"));
            }

            _out.Add("\e[?47h\e[2J\e[H\e7\e[<99u\e[?47l\e[H\e7\e[<99u"u8);
        }

        private void WriteTabStops()
        {
            _out.Add("\e[3g"u8);
            for (int x = 0; x < _terminal.Columns; x++)
            {
                if (_terminal._tabStops[x])
                {
                    _out.AddText(Invariant($"\e[{x + 1}G\eH"));
                }
            }

            _out.Add((byte)'\r');
        }

        /// <summary>What a program left on the alternate screen by mode 47; seldom anything.</summary>
        private void WriteInactiveAlternate()
        {
            if (_terminal._alternate is not { } alternate || _terminal.AlternateScreen)
            {
                return;
            }

            bool saved = !alternate.Saved.Equals(SavedCursor.Home);
            if (alternate.UsedRows() == 0 && !saved && alternate.Keyboard.IsDefault)
            {
                return;
            }

            _out.Add("\e[?47h\e[2J\e[H"u8);
            WriteSaved(alternate.Saved);
            Paint(alternate, [], wholeScreen: false);
            WriteKeyboard(alternate);
            _out.Add("\e[?47l"u8);
        }

        /// <summary>XTSAVE of each mode that the program saved, at the value it had then.</summary>
        private void WriteSavedModes()
        {
            foreach ((int number, bool on) in _terminal._savedModes)
            {
                if (number is 2026 or 2048)
                {
                    // Setting these would start something at the client.
                    continue;
                }

                if (number is 47 or 1047 or 1049 && on)
                {
                    _out.AddText(Invariant($"\e[?47h\e[?{number}s\e[?47l"));
                }
                else if (number is 47 or 1047 or 1049)
                {
                    Csi(Invariant($"?{number}s"));
                }
                else
                {
                    char set = on ? 'h' : 'l';
                    char back = ModeTable.TryFind(number, true, out ModeDefinition mode) && mode.Has(ModeTraits.Default) ? 'h' : 'l';
                    _out.AddText(Invariant($"\e[?{number}{set}\e[?{number}s\e[?{number}{back}"));
                }
            }
        }

        /// <summary>Title, palette and pen stacks, oldest entry first, and then what is in force.</summary>
        private void WriteStacks()
        {
            for (int i = 0; i < MaxTitleStack; i++)
            {
                _out.Add("\e[23t"u8);
            }

            foreach ((string? icon, string? title) in _terminal._titleStack)
            {
                WriteTitle(icon, title);
                _out.AddText(Invariant($"\e[22;{(icon is null ? 2 : title is null ? 1 : 0)}t"));
            }

            WriteTitle(_terminal._iconName, _terminal.Title);
            foreach (uint?[]? colors in _terminal._colors.Stack)
            {
                WriteColors(colors);
                _out.Add("\e[#P\e]104\e\\\e]105\e\\"u8);
                for (int number = 110; number <= 119 && colors is not null; number++)
                {
                    _out.AddText(Invariant($"\e]{number}\e\\"));
                }
            }

            WriteColors(_terminal._colors.Changed);
            foreach ((Style pen, uint parts) in _terminal._penStack)
            {
                SetPen(pen);
                Csi(string.Join(';', Enumerable.Range(1, 31).Where(part => (parts & (1u << part)) != 0)) + "#{");
            }

            SetPen(default);
            _out.AddText($"\e]7;{_terminal._cwdUri}\e\\");
        }

        private void WriteTitle(string? icon, string? title)
        {
            if (icon is not null)
            {
                _out.AddText($"\e]1;{icon}\e\\");
            }

            if (title is not null)
            {
                _out.AddText($"\e]2;{title}\e\\");
            }
        }

        private void WriteColors(uint?[]? colors)
        {
            for (int i = 0; colors is not null && i < colors.Length; i++)
            {
                if (colors[i] is not { } color)
                {
                    continue;
                }

                string name = i switch
                {
                    < ColorTable.Special => Invariant($"4;{i}"),
                    < ColorTable.Foreground => Invariant($"5;{i - ColorTable.Special}"),
                    _ => Invariant($"{i - ColorTable.Foreground + 10}"),
                };
                _out.AddText(Invariant($"\e]{name};rgb:{color >> 16 & 255:x2}/{color >> 8 & 255:x2}/{color & 255:x2}\e\\"));
            }
        }
    }
}
