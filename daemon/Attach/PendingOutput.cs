using System.Buffers;

namespace Sessiond.Daemon.Attach;

/// <summary>Bytes that wait for a full socket. Empty, and without memory of its own, for a client that keeps up.</summary>
internal sealed class PendingOutput
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    internal int Length => _end - _start;

    internal ReadOnlySpan<byte> Head => _buffer.AsSpan(_start, Length);

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _buffer.Length) Grow(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    internal void Take(int count)
    {
        _start += count;
        if (_start == _end) Clear();
    }

    internal void Clear()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = 0;
        _end = 0;
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(256, Length + needed));
        int length = Length;
        Head.CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        _start = 0;
        _end = length;
    }
}
