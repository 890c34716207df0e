using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sessiond.Vt;

/// <content>SGR by the bytes it is written with (<see cref="RenditionCache"/>).</content>
public sealed partial class Terminal
{
    /// <summary>ESC [</summary>
    private const int IntroducerLength = 2;

    private readonly RenditionCache _renditions = new();
    private readonly ControlSequence _rendition = new();

    /// <summary>Acts on the SGR that these bytes begin with. Returns its length, or 0 when they begin with something else or it may not be whole.</summary>
    private int TrySelectRendition(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < IntroducerLength + RenditionCache.MaxLength || bytes[1] != '[')
        {
            return 0;
        }

        // Digits, colon and semicolon follow each other in ASCII.
        Vector128<byte> next = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(bytes), IntroducerLength);
        uint others = Vector128.GreaterThan(next - Vector128.Create((byte)'0'), Vector128.Create((byte)(';' - '0'))).ExtractMostSignificantBits();
        int length = BitOperations.TrailingZeroCount(others);
        if (others == 0 || bytes[IntroducerLength + length] != 'm')
        {
            return 0;
        }

        ulong low = next.AsUInt64()[0] & Mask(length);
        ulong high = next.AsUInt64()[1] & Mask(length - sizeof(ulong));
        uint pen = PenId();
        if (_renditions.TryGet(low, high, pen, out uint after))
        {
            _pen = _styles[after];
            _penId = after;
            _eraseCellKnown = false;
        }
        else
        {
            _rendition.Clear();
            _rendition.AddParameters(bytes, IntroducerLength);
            SelectGraphicRendition(_rendition);
            _renditions.Keep(low, high, pen, PenId());
        }

        _lastGraphic = -1;
        return IntroducerLength + length + 1;
    }

    /// <summary>The lowest bytes of a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(int bytes) => bytes <= 0 ? 0 : bytes >= sizeof(ulong) ? ulong.MaxValue : (1UL << (bytes * 8)) - 1;
}
