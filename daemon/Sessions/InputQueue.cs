using System.Buffers;

namespace Sessiond.Daemon.Sessions;

/// <summary>Input that the pty did not take yet, bounded; without memory of its own while the program reads.</summary>
internal sealed class InputQueue
{
    /// <summary>Bytes: a large paste fits at once, and a program that never reads costs no more than this.</summary>
    internal const int Capacity = 1 << 20;

    /// <summary>Bytes beyond that for what must not be lost for a full queue: the engine's answers, and what a filter held back.</summary>
    internal const int Reserve = 64 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _length;

    internal int Length => _length;

    internal int Room => Math.Max(0, Capacity - _length);

    /// <summary>The first bytes in a row.</summary>
    internal ReadOnlySpan<byte> Head => _buffer.AsSpan(_start, _length);

    /// <summary>Takes as much as there is room for; returns how much that was.</summary>
    internal int Add(ReadOnlySpan<byte> bytes, bool usesReserve = false)
    {
        int count = Math.Min(bytes.Length, usesReserve ? Math.Max(0, Capacity + Reserve - _length) : Room);
        if (_start + _length + count > _buffer.Length) MakeRoom(count);
        bytes[..count].CopyTo(_buffer.AsSpan(_start + _length));
        _length += count;
        return count;
    }

    internal void Take(int count)
    {
        _start += count;
        _length -= count;
        if (_length == 0) Clear();
    }

    internal void Clear()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _start = 0;
        _length = 0;
    }

    private void MakeRoom(int count)
    {
        byte[] target = _length + count <= _buffer.Length ? _buffer : ArrayPool<byte>.Shared.Rent(Math.Max(4096, _length + count));
        Head.CopyTo(target);
        if (target != _buffer && _buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = target;
        _start = 0;
    }
}
