namespace Sessiond.Vt;

/// <summary>
/// Encoded rows one after the other, each preceded by its length as a varint. What a checkpoint covers is never written again, as it may be needed after a crash.
/// </summary>
internal sealed class ScrollbackPage
{
    /// <summary>Bytes that a row needs beside its own.</summary>
    public const int MaxHeaderBytes = 4;

    private int _start;
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
        _start = 0;
        _end = 0;
        _lastAt = -1;
        _coveredTo = 0;
        Count = 0;
    }

    public bool TryAppend(ReadOnlySpan<byte> row)
    {
        if (Capacity - _end < row.Length + MaxHeaderBytes || _end < _coveredTo)
        {
            return false;
        }

        _lastAt = _end;
        Span<byte> bytes = Block.Bytes.Span;
        uint value = (uint)row.Length;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[_end++] = (byte)(value | 0x80);
        }

        bytes[_end++] = (byte)value;
        row.CopyTo(bytes[_end..]);
        _end += row.Length;
        Count++;
        return true;
    }

    public void RemoveFirst()
    {
        (int start, int length) = RowAt(_start);
        _start = start + length;
        Count--;
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
        writer.AddVarint((uint)_start);
        writer.AddVarint((uint)_end);
        writer.AddVarint((uint)Count);
    }

    public static ScrollbackPage Restore(ref CheckpointReader reader, IScrollbackMemory memory)
    {
        long position = reader.ReadInt64();
        int capacity = reader.ReadInt32();
        int start = reader.ReadInt32();
        int end = reader.ReadInt32();
        return new ScrollbackPage
        {
            Block = new ScrollbackBlock(position, memory.Open(position, capacity)),
            _start = start,
            _end = end,
            _coveredTo = end,
            Count = reader.ReadInt32(),
        };
    }

    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        for (int at = _start; at < _end;)
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
            for (int at = _start; at < _end;)
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
