using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sessiond.Vt;

/// <summary>A growing byte buffer that is used again and again, so that encoding a row allocates nothing.</summary>
internal sealed class ByteWriter
{
    /// <summary>Longest code point in UTF-8.</summary>
    public const int MaxUtf8Bytes = 4;

    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> values)
    {
        Reserve(values.Length);
        values.CopyTo(_bytes.AsSpan(Length));
        Length += values.Length;
    }

    /// <summary>A number in 7-bit groups, least significant first.</summary>
    public void AddVarint(uint value)
    {
        Reserve(5);
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[Length++] = (byte)(value | 0x80);
        }

        _bytes[Length++] = (byte)value;
    }

    /// <summary>Eight bytes, little endian.</summary>
    public void AddInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Extend(sizeof(long)), value);

    /// <summary>Bytes with their number before them.</summary>
    public void AddBlock(ReadOnlySpan<byte> values)
    {
        AddVarint((uint)values.Length);
        Add(values);
    }

    /// <summary>Room for <paramref name="count"/> bytes that the caller fills.</summary>
    public Span<byte> Extend(int count)
    {
        Reserve(count);
        Span<byte> room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }

    /// <summary>Gives back the end of what <see cref="Extend"/> made room for.</summary>
    public void Shrink(int count) => Length -= count;

    public void Patch(int at, byte first, byte second, byte third)
    {
        _bytes[at] = first;
        _bytes[at + 1] = second;
        _bytes[at + 2] = third;
    }

    public void AddUtf8(int codePoint)
    {
        Reserve(4);
        Length += EncodeUtf8(codePoint, _bytes.AsSpan(Length));
    }

    public void AddText(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    /// <summary>Writes a code point that is no surrogate.</summary>
    public static int EncodeUtf8(int codePoint, Span<byte> target)
    {
        if (codePoint < 0x80)
        {
            target[0] = (byte)codePoint;
            return 1;
        }

        if (codePoint < 0x800)
        {
            target[1] = (byte)(0x80 | (codePoint & 0x3F));
            target[0] = (byte)(0xC0 | (codePoint >> 6));
            return 2;
        }

        if (codePoint < 0x10000)
        {
            // From the end, so that one check of the bounds does for all.
            target[2] = (byte)(0x80 | (codePoint & 0x3F));
            target[1] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
            target[0] = (byte)(0xE0 | (codePoint >> 12));
            return 3;
        }

        target[3] = (byte)(0x80 | (codePoint & 0x3F));
        target[2] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
        target[1] = (byte)(0x80 | ((codePoint >> 12) & 0x3F));
        target[0] = (byte)(0xF0 | (codePoint >> 18));
        return 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }
    }
}
