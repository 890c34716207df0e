using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <summary>Text four bytes at a time, the first one lowest.</summary>
internal static class Utf8
{
    /// <summary>The first character behind the C1 controls.</summary>
    public const int FirstGraphic = 0xA0;

    /// <summary>Decodes a well-formed character that is neither ASCII nor a C1 control. Returns its length, 0 for all others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Decode(uint four, out int code)
    {
        if ((four & 0xC0C0F0) == 0x8080E0)
        {
            code = (int)(((four & 0x0F) << 12) | ((four >> 2) & 0xFC0) | ((four >> 16) & 0x3F));
            return code >= 0x800 && (code & 0xF800) != 0xD800 ? 3 : 0;
        }

        if ((four & 0xC0E0) == 0x80C0)
        {
            code = (int)(((four & 0x1F) << 6) | ((four >> 8) & 0x3F));
            return code >= FirstGraphic ? 2 : 0;
        }

        code = (int)(((four & 0x07) << 18) | ((four << 4) & 0x3F000) | ((four >> 10) & 0xFC0) | (four >> 24 & 0x3F));
        return (four & 0xC0C0C0F8) == 0x808080F0 && (uint)(code - 0x10000) <= 0xFFFFF ? 4 : 0;
    }

    /// <summary>How many of the first bytes are 0x20-0x7E.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PrintableLength(uint four)
    {
        // Borrows and carries go from a byte that is not printable to those after it alone.
        uint others = (four | (four - 0x20202020) | (four + 0x01010101)) & 0x80808080;
        return others == 0 ? sizeof(uint) : BitOperations.TrailingZeroCount(others) >> 3;
    }
}
