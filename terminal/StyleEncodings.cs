using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <summary>
/// Styles as <see cref="RowCodec"/> encodes them, by their number, since the rows of a log use the same few again and again. Those with a hyperlink are too long.
/// </summary>
internal sealed class StyleEncodings
{
    /// <summary>Fields, three colours of five bytes and attributes of three, rounded up to whole words.</summary>
    public const int MaxBytes = 24;

    private Encoding[] _encodings = [];

    public void Clear() => Array.Clear(_encodings);

    /// <summary>Writes <see cref="MaxBytes"/> of which the returned number counts; 0 when the style is not known.</summary>
    public int TryWrite(uint id, Span<byte> target)
    {
        if (id >= (uint)_encodings.Length)
        {
            return 0;
        }

        ref Encoding known = ref _encodings[id];
        known.Bytes[..].CopyTo(target);
        return known.Length;
    }

    public void Keep(uint id, ReadOnlySpan<byte> bytes, bool hasLink)
    {
        if (hasLink || bytes.Length > MaxBytes)
        {
            return;
        }

        if (id >= (uint)_encodings.Length)
        {
            Array.Resize(ref _encodings, Math.Max(16, (int)id * 2));
        }

        ref Encoding kept = ref _encodings[id];
        bytes.CopyTo(kept.Bytes[..]);
        kept.Length = bytes.Length;
    }

    private struct Encoding
    {
        public Buffer Bytes;
        public int Length;
    }

    [InlineArray(MaxBytes)]
    private struct Buffer
    {
        private byte _first;
    }
}
