namespace Sessiond.Vt;

/// <summary>SGR attributes and DECSCA protection of a cell.</summary>
[Flags]
internal enum CellAttributes : uint
{
    None = 0,
    Bold = 1 << 0,
    Faint = 1 << 1,
    Italic = 1 << 2,
    Blink = 1 << 3,
    RapidBlink = 1 << 4,
    Inverse = 1 << 5,
    Invisible = 1 << 6,
    Strike = 1 << 7,
    Overline = 1 << 8,

    /// <summary>DECSCA 1 or SPA: selective erase leaves the cell alone.</summary>
    Protected = 1 << 9,

    /// <summary>SGR 4:1 single, 2 double, 3 curly, 4 dotted, 5 dashed.</summary>
    UnderlineMask = 7 << 12,
    UnderlineSingle = 1 << 12,
}
