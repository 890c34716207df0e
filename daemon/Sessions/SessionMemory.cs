using Sessiond.Holder;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>The engine's scrollback in the session's journal, where the next daemon finds it.</summary>
internal sealed class SessionMemory(BlockStore blocks) : IScrollbackMemory
{
    /// <summary>Position of a block that is not in the journal: a checkpoint that refers to it cannot be restored, and the ring is all there is then.</summary>
    private const long OwnHeap = -1;

    /// <inheritdoc/>
    public ScrollbackBlock Allocate(int bytes)
    {
        return blocks.TryAllocate(bytes, out int position, out Memory<byte> memory)
            ? new ScrollbackBlock(position, memory)
            : new ScrollbackBlock(OwnHeap, new byte[bytes]);
    }

    /// <inheritdoc/>
    public Memory<byte> Open(long position, int bytes) => blocks.Open(position, bytes);

    /// <inheritdoc/>
    public void Free(ScrollbackBlock block)
    {
        if (block.Position != OwnHeap) blocks.Free((int)block.Position, block.Bytes.Length);
    }
}
