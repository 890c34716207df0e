using Sessiond.Vt;

namespace Sessiond.Terminal.Tests;

/// <summary>Memory as a daemon shares it: it outlives terminals, and what was freed is spoilt only after the next checkpoint.</summary>
internal sealed class TestScrollbackMemory : IScrollbackMemory
{
    private readonly Dictionary<long, byte[]> _blocks = [];
    private readonly List<long> _freed = [];
    private long _next;

    public ScrollbackBlock Allocate(int bytes)
    {
        byte[] block = new byte[bytes];
        Array.Fill(block, (byte)0xEE);
        _blocks.Add(++_next, block);
        return new ScrollbackBlock(_next, block);
    }

    public Memory<byte> Open(long position, int bytes) =>
        _blocks.TryGetValue(position, out byte[]? block) && block.Length == bytes ? block : throw new InvalidDataException("no such block");

    public void Free(ScrollbackBlock block) => _freed.Add(block.Position);

    /// <summary>The process died: what it freed since the checkpoint is in use again.</summary>
    public void Died() => _freed.Clear();

    /// <summary>A checkpoint was committed: the one before it, and what only that one used, is gone.</summary>
    public void Committed()
    {
        foreach (long position in _freed)
        {
            Array.Fill(_blocks[position], (byte)0xDD);
            _blocks.Remove(position);
        }

        _freed.Clear();
    }
}
