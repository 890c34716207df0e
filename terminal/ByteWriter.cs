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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        Length += EncodeUtf8(codePoint, ref _bytes[Length]);
    }

    public void AddText(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    /// <summary>Writes a code point that is no surrogate; up to <see cref="MaxUtf8Bytes"/> are overwritten, the returned number counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EncodeUtf8(int codePoint, ref byte target)
    {
        uint code = (uint)codePoint;
        if (code < 0x80)
        {
            target = (byte)code;
            return 1;
        }

        if (code < 0x800)
        {
            Unsafe.WriteUnaligned(ref target, (ushort)(0x80C0 | (code >> 6) | ((code & 0x3F) << 8)));
            return 2;
        }

        if (code < 0x10000)
        {
            Unsafe.WriteUnaligned(ref target, 0x8080E0 | (code >> 12) | (((code >> 6) & 0x3F) << 8) | ((code & 0x3F) << 16));
            return 3;
        }

        Unsafe.WriteUnaligned(ref target, 0x808080F0 | (code >> 18) | (((code >> 12) & 0x3F) << 8) | (((code >> 6) & 0x3F) << 16) | ((code & 0x3F) << 24));
        return 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Grow(count);
        }
    }

    private void Grow(int count) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
}
