using System.Buffers.Binary;

namespace Sessiond.Vt;

/// <summary>Reads what <see cref="ByteWriter"/> wrote into a checkpoint.</summary>
internal ref struct CheckpointReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>A number in 7-bit groups.</summary>
    /// <exception cref="InvalidDataException">The checkpoint ends here, or the number does not end.</exception>
    public uint ReadVarint()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte b = ReadByte();
            value |= (uint)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number of the checkpoint does not end");
    }

    public byte ReadByte() => ReadBytes(1)[0];

    public bool ReadBool() => ReadByte() != 0;

    public int ReadInt32() => (int)ReadVarint();

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadBytes(sizeof(long)));

    /// <summary>Bytes with their number before them.</summary>
    public ReadOnlySpan<byte> ReadBlock() => ReadBytes(ReadInt32());

    private ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new InvalidDataException("the checkpoint is too short");
        }

        ReadOnlySpan<byte> read = _rest[..count];
        _rest = _rest[count..];
        return read;
    }
}
