namespace Sessiond.Vt;

/// <summary>
/// Transitions for every state but Ground and every byte below 0x80: the action in the high, the next state in the low half.
/// </summary>
/// <remarks>
/// Deviations from the published machine: colons are parameters (ITU T.416 sub-parameters); a string is acted on
/// when its terminator is complete, so that nothing changes while a sequence is unfinished; BEL ends an OSC (xterm);
/// C0 controls inside a sequence wait for its end; bytes above 0x7F never come here, as the stream is UTF-8.
/// </remarks>
internal static class ParserTable
{
    private const int StateCount = 13;
    private const int ByteCount = 128;

    public static readonly byte[] Transitions = Build();

    private static byte[] Build()
    {
        var table = new byte[StateCount * ByteCount];
        for (var state = ParserState.Escape; state <= ParserState.TextEscape; state++)
        {
            bool text = state is ParserState.Text;
            Set(table, state, 0x00, 0x1F, text ? ParserAction.Put : ParserAction.Execute, state);
            Set(table, state, 0x7F, 0x7F, text ? ParserAction.Put : ParserAction.Ignore, state);
            Set(table, state, 0x18, 0x18, ParserAction.Cancel, ParserState.Ground);
            Set(table, state, 0x1A, 0x1A, ParserAction.Cancel, ParserState.Ground);
            Set(table, state, 0x1B, 0x1B, ParserAction.Restart, ParserState.Escape);
        }

        AddEscape(table);
        AddCsi(table);
        AddDcs(table);
        Set(table, ParserState.Text, 0x20, 0x7E, ParserAction.Put, ParserState.Text);
        Set(table, ParserState.Text, 0x07, 0x07, ParserAction.Bell, ParserState.Text);
        Set(table, ParserState.Text, 0x1B, 0x1B, ParserAction.Ignore, ParserState.TextEscape);

        // The parser looks for the backslash itself; the rest of this row starts a new sequence.
        Set(table, ParserState.TextEscape, 0x00, 0x7F, ParserAction.TextEnd, ParserState.Escape);
        return table;
    }

    private static void AddEscape(byte[] table)
    {
        // ESC I* F with I 0x20-0x2F and F 0x30-0x7E
        Set(table, ParserState.Escape, 0x20, 0x2F, ParserAction.Collect, ParserState.EscapeIntermediate);
        Set(table, ParserState.Escape, 0x30, 0x7E, ParserAction.EscDispatch, ParserState.Ground);
        Set(table, ParserState.Escape, '[', '[', ParserAction.Ignore, ParserState.CsiEntry);
        Set(table, ParserState.Escape, 'P', 'P', ParserAction.Ignore, ParserState.DcsEntry);
        foreach (char opener in "]X^_")
        {
            Set(table, ParserState.Escape, opener, opener, ParserAction.TextStart, ParserState.Text);
        }

        Set(table, ParserState.EscapeIntermediate, 0x20, 0x2F, ParserAction.Collect, ParserState.EscapeIntermediate);
        Set(table, ParserState.EscapeIntermediate, 0x30, 0x7E, ParserAction.EscDispatch, ParserState.Ground);
    }

    private static void AddCsi(byte[] table)
    {
        // CSI [<=>?] [0-9:;]* I* F
        Set(table, ParserState.CsiEntry, 0x20, 0x2F, ParserAction.Collect, ParserState.CsiIntermediate);
        Set(table, ParserState.CsiEntry, '0', ';', ParserAction.Param, ParserState.CsiParam);
        Set(table, ParserState.CsiEntry, '<', '?', ParserAction.Prefix, ParserState.CsiParam);
        Set(table, ParserState.CsiEntry, 0x40, 0x7E, ParserAction.CsiDispatch, ParserState.Ground);
        Set(table, ParserState.CsiParam, 0x20, 0x2F, ParserAction.Collect, ParserState.CsiIntermediate);
        Set(table, ParserState.CsiParam, '0', ';', ParserAction.Param, ParserState.CsiParam);
        Set(table, ParserState.CsiParam, '<', '?', ParserAction.Ignore, ParserState.CsiIgnore);
        Set(table, ParserState.CsiParam, 0x40, 0x7E, ParserAction.CsiDispatch, ParserState.Ground);
        Set(table, ParserState.CsiIntermediate, 0x20, 0x2F, ParserAction.Collect, ParserState.CsiIntermediate);
        Set(table, ParserState.CsiIntermediate, 0x30, 0x3F, ParserAction.Ignore, ParserState.CsiIgnore);
        Set(table, ParserState.CsiIntermediate, 0x40, 0x7E, ParserAction.CsiDispatch, ParserState.Ground);
        Set(table, ParserState.CsiIgnore, 0x20, 0x3F, ParserAction.Ignore, ParserState.CsiIgnore);
        Set(table, ParserState.CsiIgnore, 0x40, 0x7E, ParserAction.Cancel, ParserState.Ground);
    }

    private static void AddDcs(byte[] table)
    {
        // DCS [<=>?] [0-9:;]* I* F text ST; C0 controls in the header have no effect
        foreach (ParserState state in (ReadOnlySpan<ParserState>)[ParserState.DcsEntry, ParserState.DcsParam, ParserState.DcsIntermediate])
        {
            Set(table, state, 0x00, 0x17, ParserAction.Ignore, state);
            Set(table, state, 0x19, 0x19, ParserAction.Ignore, state);
            Set(table, state, 0x1C, 0x1F, ParserAction.Ignore, state);
            Set(table, state, 0x20, 0x2F, ParserAction.Collect, ParserState.DcsIntermediate);
            Set(table, state, 0x40, 0x7E, ParserAction.TextStart, ParserState.Text);
        }

        Set(table, ParserState.DcsEntry, '0', ';', ParserAction.Param, ParserState.DcsParam);
        Set(table, ParserState.DcsEntry, '<', '?', ParserAction.Prefix, ParserState.DcsParam);
        Set(table, ParserState.DcsParam, '0', ';', ParserAction.Param, ParserState.DcsParam);
        Set(table, ParserState.DcsParam, '<', '?', ParserAction.Ignore, ParserState.DcsIgnore);
        Set(table, ParserState.DcsIntermediate, 0x30, 0x3F, ParserAction.Ignore, ParserState.DcsIgnore);
        Set(table, ParserState.DcsIgnore, 0x00, 0x17, ParserAction.Ignore, ParserState.DcsIgnore);
        Set(table, ParserState.DcsIgnore, 0x19, 0x19, ParserAction.Ignore, ParserState.DcsIgnore);
        Set(table, ParserState.DcsIgnore, 0x1C, 0x7F, ParserAction.Ignore, ParserState.DcsIgnore);
    }

    private static void Set(byte[] table, ParserState state, int first, int last, ParserAction action, ParserState next)
    {
        for (int b = first; b <= last; b++)
        {
            table[((int)state * ByteCount) + b] = (byte)(((int)action << 4) | (int)next);
        }
    }
}
