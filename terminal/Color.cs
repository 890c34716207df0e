namespace Sessiond.Vt;

/// <summary>
/// A colour as SGR names it, in 32 bits: the kind in the top byte, an index or RGB below. SGR 31 and SGR 38;5;1
/// are kept apart, because many terminals brighten only the first with bold.
/// </summary>
internal static class Color
{
    public const uint Default = 0;
    public const uint KindMask = 0xFF00_0000;

    /// <summary>SGR 30-37 and 90-97 (and their backgrounds); the value is 0..15.</summary>
    public const uint Basic = 0x0100_0000;

    /// <summary>SGR 38;5;n; the value is 0..255.</summary>
    public const uint Indexed = 0x0200_0000;

    /// <summary>SGR 38;2;r;g;b; the value is 0xRRGGBB.</summary>
    public const uint Rgb = 0x0300_0000;

    public static uint Kind(uint color) => color & KindMask;

    public static uint Value(uint color) => color & ~KindMask;
}
