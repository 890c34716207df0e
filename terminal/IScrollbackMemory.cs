namespace Sessiond.Vt;

/// <summary>
/// Where the scrollback's pages lie. A host that keeps them in shared memory finds them again after a crash, so that a checkpoint need not copy them.
/// </summary>
/// <remarks>Called from inside the terminal's methods, on its caller's thread.</remarks>
public interface IScrollbackMemory
{
    /// <summary>Gives a block of at least this many bytes; what is in it does not matter.</summary>
    ScrollbackBlock Allocate(int bytes);

    /// <summary>A block that <see cref="Allocate"/> gave to an earlier terminal.</summary>
    /// <param name="position">Its <see cref="ScrollbackBlock.Position"/>.</param>
    /// <param name="bytes">Its length.</param>
    /// <exception cref="InvalidDataException">There is no such block.</exception>
    Memory<byte> Open(long position, int bytes);

    /// <summary>
    /// The terminal needs the block no more. A checkpoint that was written before still refers to it, so it may be given out again only after the next one.
    /// </summary>
    void Free(ScrollbackBlock block);
}
