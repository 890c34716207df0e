namespace Sessiond.Vt;

/// <summary>States of Paul Williams' parser (vt100.net/emu/dec_ansi_parser), with one state for all strings.</summary>
internal enum ParserState : byte
{
    Ground,
    Escape,
    EscapeIntermediate,
    CsiEntry,
    CsiParam,
    CsiIntermediate,
    CsiIgnore,
    DcsEntry,
    DcsParam,
    DcsIntermediate,

    /// <summary>The header of a DCS was malformed; its text is skipped.</summary>
    DcsIgnore,

    /// <summary>In the text of an OSC, DCS, APC, PM or SOS.</summary>
    Text,

    /// <summary>ESC was read in a string: a backslash makes it ST, anything else starts a new sequence.</summary>
    TextEscape,
}
