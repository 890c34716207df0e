namespace Sessiond.Vt;

/// <summary>Encoded rows one after the other, each preceded by its length as a varint.</summary>
internal sealed class ScrollbackPage(int capacity)
{
    /// <summary>Bytes that a row needs beside its own.</summary>
    public const int MaxHeaderBytes = 4;

    private readonly byte[] _bytes = new byte[capacity];
    private int _start;
    private int _end;
    private int _lastAt = -1;

    public int Capacity => _bytes.Length;

    public int Count { get; private set; }

    public RowFlags LastFlags
    {
        get => (RowFlags)_bytes[LastRow().Start];
        set => _bytes[LastRow().Start] = (byte)value;
    }

    public ReadOnlySpan<byte> Last
    {
        get
        {
            (int start, int length) = LastRow();
            return _bytes.AsSpan(start, length);
        }
    }

    public bool TryAppend(ReadOnlySpan<byte> row)
    {
        if (_bytes.Length - _end < row.Length + MaxHeaderBytes)
        {
            return false;
        }

        _lastAt = _end;
        uint value = (uint)row.Length;
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[_end++] = (byte)(value | 0x80);
        }

        _bytes[_end++] = (byte)value;
        row.CopyTo(_bytes.AsSpan(_end));
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

    public void Clear()
    {
        _start = 0;
        _end = 0;
        _lastAt = -1;
        Count = 0;
    }

    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        for (int at = _start; at < _end;)
        {
            (int start, int length) = RowAt(at);
            yield return _bytes.AsMemory(start, length);
            at = start + length;
        }
    }

    private (int Start, int Length) LastRow() => RowAt(LastHeader());

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
        for (int shift = 0; ; shift += 7)
        {
            byte b = _bytes[at++];
            length |= (b & 0x7F) << shift;
            if (b < 0x80)
            {
                return (at, length);
            }
        }
    }
}
