namespace Sessiond.Vt;

/// <summary>Scrollback pages on the heap, for a terminal that need not outlive its process.</summary>
/// <param name="kept">Length of the blocks that are kept for reuse.</param>
internal sealed class HeapScrollbackMemory(int kept) : IScrollbackMemory
{
    /// <summary>Blocks kept; dropping and adding go in step, but for one more or less.</summary>
    private const int MaxSpare = 2;

    private readonly Stack<ScrollbackBlock> _spare = new();

    public ScrollbackBlock Allocate(int bytes) =>
        bytes == kept && _spare.TryPop(out ScrollbackBlock block) ? block : new ScrollbackBlock(0, new byte[bytes]);

    public Memory<byte> Open(long position, int bytes) => throw new InvalidDataException("memory on the heap does not outlive its process");

    public void Free(ScrollbackBlock block)
    {
        if (block.Bytes.Length == kept && _spare.Count < MaxSpare)
        {
            _spare.Push(block);
        }
    }
}
