namespace Sessiond.Cli.Attach;

/// <summary>Typed bytes that the session does not take yet, first in, first out. Grows with what waits, and is given back.</summary>
/// <remarks>One thread only.</remarks>
internal sealed class TypedAhead
{
    /// <summary>Bytes that are kept at most; more waits in the user's terminal. As much as one message to the daemon may have: nobody pastes more and expects to type behind it.</summary>
    internal const int MaxBytes = 16 * 1024 * 1024;

    // What one read needs; a larger buffer is given back when all of it is sent.
    private const int KeptBytes = 128 * 1024;

    private byte[] _bytes = new byte[KeptBytes];
    private int _start;
    private int _end;

    /// <summary>Bytes that wait.</summary>
    internal int Count => _end - _start;

    /// <summary>Room for so many bytes behind those that wait; <see cref="Commit"/> says how many there are.</summary>
    internal Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _end < count)
        {
            byte[] larger = Count + count <= _bytes.Length / 2 ? _bytes : new byte[Math.Max(2 * _bytes.Length, Count + count)];
            _bytes.AsSpan(_start, Count).CopyTo(larger);
            (_bytes, _start, _end) = (larger, 0, Count);
        }

        return _bytes.AsSpan(_end, count);
    }

    internal void Commit(int count) => _end += count;

    /// <summary>Takes the first bytes out; returns how many.</summary>
    internal int Take(Span<byte> target)
    {
        int count = Math.Min(Count, target.Length);
        _bytes.AsSpan(_start, count).CopyTo(target);
        _start += count;
        if (Count > 0) return count;
        _start = _end = 0;
        if (_bytes.Length > KeptBytes) _bytes = new byte[KeptBytes];
        return count;
    }
}
