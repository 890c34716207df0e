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
        return IsIdeographOrSyllable(codePoint) ? 2 : Lookup(codePoint) & 3;
    }

    /// <summary>An ideograph or a syllable of Hangul, most of the wide text there is, known without the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsIdeographOrSyllable(int codePoint) =>
        ((uint)(codePoint - 0x4E00) <= 0x9FFF - 0x4E00) | ((uint)(codePoint - 0xAC00) <= 0xD7A3 - 0xAC00);

    public static GraphemeClass Class(int codePoint) => (GraphemeClass)(Lookup(codePoint) >> 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Lookup(int codePoint) =>
        Properties[(Blocks[codePoint >> BlockShift] << BlockShift) | (codePoint & BlockMask)];
}
