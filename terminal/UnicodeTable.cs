using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <summary>Cell width and cluster class of each code point, from a two-stage table of the Unicode data.</summary>
internal static partial class UnicodeTable
{
    private const int BlockShift = 7;
    private const int BlockMask = (1 << BlockShift) - 1;

    /// <summary>Width in cells as wcwidth(3) counts it: 0, 1 or 2. Ambiguous is narrow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Width(int codePoint)
    {
        // Ideographs and syllables, most of the wide text there is, are known without the table.
        bool wide = (uint)(codePoint - 0x4E00) <= 0x9FFF - 0x4E00 || (uint)(codePoint - 0xAC00) <= 0xD7A3 - 0xAC00;
        return wide ? 2 : Lookup(codePoint) & 3;
    }

    public static GraphemeClass Class(int codePoint) => (GraphemeClass)(Lookup(codePoint) >> 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Lookup(int codePoint) =>
        Properties[(Blocks[codePoint >> BlockShift] << BlockShift) | (codePoint & BlockMask)];
}
