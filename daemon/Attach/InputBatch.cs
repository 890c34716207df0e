namespace Sessiond.Daemon.Attach;

/// <summary>Gathers the input of one read from a socket.</summary>
internal sealed class InputBatch(int capacity)
{
    private byte[] _buffer = new byte[capacity];
    private int _length;

    internal bool IsEmpty => _length == 0;

    internal ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        // What was sent together with the upgrade request may be more than one read.
        if (_length + bytes.Length > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    internal void Clear() => _length = 0;
}
