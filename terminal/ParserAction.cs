namespace Sessiond.Vt;

/// <summary>What the parser does with a byte before it goes to the next state.</summary>
internal enum ParserAction : byte
{
    Ignore,

    /// <summary>A C0 control inside a sequence; it takes effect when the sequence ends.</summary>
    Execute,

    /// <summary>CAN or SUB: the sequence is given up.</summary>
    Cancel,
    Collect,
    Prefix,
    Param,
    EscDispatch,
    CsiDispatch,

    /// <summary>The final byte of a DCS, or the byte after ESC that opens another string.</summary>
    TextStart,
    Put,

    /// <summary>BEL in a string: it ends an OSC and is text elsewhere.</summary>
    Bell,
    TextEnd,

    /// <summary>ESC in a sequence: a new one starts.</summary>
    Restart,
}
