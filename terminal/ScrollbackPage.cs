namespace Sessiond.Vt;

/// <summary>
/// Encoded rows one after the other, each preceded by its length as a varint. What a checkpoint covers is never written again, as it may be needed after a crash.
/// </summary>
internal sealed class ScrollbackPage
{
    /// <summary>Bytes that a row needs beside its own.</summary>
    public const int MaxHeaderBytes = 4;

    private int _end;
    private int _lastAt = -1;

    /// <summary>End of what a checkpoint covers.</summary>
    private int _coveredTo;

    /// <summary>The memory that the rows lie in.</summary>
    public ScrollbackBlock Block { get; private set; }

    public int Capacity => Block.Bytes.Length;

    public int Count { get; private set; }

    public RowFlags LastFlags => (RowFlags)Last[0];

    public ReadOnlySpan<byte> Last
    {
        get
        {
            (int start, int length) = RowAt(LastHeader());
            return Block.Bytes.Span.Slice(start, length);
        }
    }

    /// <summary>Starts as an empty page.</summary>
    public void Use(ScrollbackBlock block)
    {
        Block = block;
        _end = 0;
        _lastAt = -1;
        _coveredTo = 0;
        Count = 0;
    }

    public bool TryAppend(ReadOnlySpan<byte> row)
    {
        if (!TryExtend(row.Length, out Span<byte> room))
        {
            return false;
        }

        row.CopyTo(room);
        return true;
    }

    /// <summary>Adds a row of this length, which the caller writes into <paramref name="room"/>.</summary>
    public bool TryExtend(int length, out Span<byte> room)
    {
        room = default;
        if (Capacity - _end < length + MaxHeaderBytes || _end < _coveredTo)
        {
            return false;
        }

        _lastAt = _end;
        Span<byte> bytes = Block.Bytes.Span[_end..];
        int header = 0;
        uint value = (uint)length;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[header++] = (byte)(value | 0x80);
        }

        bytes[header++] = (byte)value;
        room = bytes.Slice(header, length);
        _end += header + length;
        Count++;
        return true;
    }

    public void RemoveLast()
    {
        _end = LastHeader();
        _lastAt = -1;
        Count--;
    }

    public void WriteCheckpoint(ByteWriter writer)
    {
        _coveredTo = Math.Max(_coveredTo, _end);
        writer.AddInt64(Block.Position);
        writer.AddVarint((uint)Capacity);
        writer.AddVarint((uint)_end);
        writer.AddVarint((uint)Count);
    }

    public static ScrollbackPage Restore(ref CheckpointReader reader, IScrollbackMemory memory)
    {
        long position = reader.ReadInt64();
        int capacity = reader.ReadInt32();
        int end = reader.ReadInt32();
        return new ScrollbackPage
        {
            Block = new ScrollbackBlock(position, memory.Open(position, capacity)),
            _end = end,
            _coveredTo = end,
            Count = reader.ReadInt32(),
        };
    }

    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        for (int at = 0; at < _end;)
        {
            (int start, int length) = RowAt(at);
            yield return Block.Bytes.Slice(start, length);
            at = start + length;
        }
    }

    private int LastHeader()
    {
        if (_lastAt < 0)
        {
            // Lengths stand before rows, so the last one is found from the front; this happens once a row taken back.
            for (int at = 0; at < _end;)
            {
                _lastAt = at;
                (int start, int length) = RowAt(at);
                at = start + length;
            }
        }

        return _lastAt;
    }

    private (int Start, int Length) RowAt(int at)
    {
        int length = 0;
        ReadOnlySpan<byte> bytes = Block.Bytes.Span;
        for (int shift = 0; ; shift += 7)
        {
            byte b = bytes[at++];
            length |= (b & 0x7F) << shift;
            if (b < 0x80)
            {
                return (at, length);
            }
        }
    }
}
