using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Blocks of a session's shared memory: scrollback and checkpoints. Which of them are in use is written nowhere but in the checkpoint that refers to them, so that a block
/// that is freed is given out again only after the next checkpoint, and whoever adopts the memory says which blocks it found.
/// </summary>
/// <remarks>One caller at a time: under the session's gate.</remarks>
public sealed class BlockStore
{
    private const int PageSize = 4096;

    /// <summary>Bytes from which on a free block gives its pages back, unless it is used again soon: a small one always is.</summary>
    private const int PunchBytes = 32 * 1024;

    private readonly MappedBytes _bytes;
    private readonly Memory<byte> _memory;
    private readonly Dictionary<int, Stack<int>> _free = []; // by length
    private readonly List<(int Position, int Length)> _pending = [];
    private readonly SortedDictionary<int, int> _opened = [];

    /// <summary>Free blocks that have kept their pages, by position: what a flood frees it needs again before the next checkpoint.</summary>
    private readonly Dictionary<int, int> _warm = [];
    private int _end;

    internal BlockStore(MappedBytes bytes)
    {
        _bytes = bytes;
        _memory = bytes.Memory;
    }

    /// <summary>Bytes that were given out and not yet taken back, for tests and metrics.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Gives a block of at least as many bytes; false when the session has used up what it may.</summary>
    public bool TryAllocate(int bytes, out int position, out Memory<byte> memory)
    {
        memory = default;
        int length = LengthFor(bytes);
        if (!_free.TryGetValue(length, out Stack<int>? stack) || !stack.TryPop(out position))
        {
            position = _end;
            if (length > _memory.Length - _end) return false;
            _end += length;
        }

        _warm.Remove(position);
        UsedBytes += length;
        memory = _memory.Slice(position, length);
        return true;
    }

    /// <summary>The block is needed no more, but a checkpoint may still refer to it.</summary>
    public void Free(int position, int length)
    {
        UsedBytes -= LengthFor(length);
        _pending.Add((position, LengthFor(length)));
    }

    /// <summary>Another checkpoint is committed, which refers to nothing that was freed before it was written.</summary>
    /// <param name="count">How many were freed before it.</param>
    internal void Release(int count)
    {
        foreach ((int position, int length) in _warm) _bytes.Punch(position, length);
        _warm.Clear();
        foreach ((int position, int length) in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending)[..count])
        {
            if (length >= PunchBytes) _warm[position] = length;
            Offer(position, length);
        }

        _pending.RemoveRange(0, count);
    }

    /// <summary>A block that no checkpoint refers to any more.</summary>
    internal void Discard(int position, int length)
    {
        UsedBytes -= LengthFor(length);
        Reuse(position, LengthFor(length));
    }

    internal int PendingCount => _pending.Count;

    /// <summary>A block of the memory that was adopted.</summary>
    /// <exception cref="InvalidDataException">It is not inside this memory.</exception>
    public Memory<byte> Open(long position, int bytes)
    {
        int length = LengthFor(bytes);
        if (position < 0 || position % PageSize != 0 || position + length > _memory.Length) throw new InvalidDataException("a checkpoint refers to a block that is not there");
        _opened[(int)position] = length;
        return _memory.Slice((int)position, length);
    }

    /// <summary>Everything of the adopted memory that is in use was opened: the rest is free, whatever it was.</summary>
    internal void EndAdoption()
    {
        int position = 0;
        foreach ((int start, int length) in _opened)
        {
            if (start > position) FreeGap(position, start - position);
            position = start + length;
            UsedBytes += length;
        }

        _end = position;
        if (_end < _memory.Length) _bytes.Punch(_end, _memory.Length - _end);
        _opened.Clear();
    }

    /// <summary>Nothing of it is in use.</summary>
    internal void Clear()
    {
        _opened.Clear();
        _free.Clear();
        _pending.Clear();
        _warm.Clear();
        UsedBytes = 0;
        EndAdoption();
    }

    /// <summary>Whole pages, a power of two of them: what one use gives back fits the next.</summary>
    private static int LengthFor(int bytes) => (int)Math.Max(PageSize, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes));

    private void FreeGap(int position, int length)
    {
        while (length > 0)
        {
            int piece = 1 << System.Numerics.BitOperations.Log2((uint)length);
            Reuse(position, piece);
            position += piece;
            length -= piece;
        }
    }

    private void Reuse(int position, int length)
    {
        if (length >= PunchBytes) _bytes.Punch(position, length);
        Offer(position, length);
    }

    private void Offer(int position, int length)
    {
        if (!_free.TryGetValue(length, out Stack<int>? stack)) _free.Add(length, stack = new Stack<int>());
        stack.Push(position);
    }
}
