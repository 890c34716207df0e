namespace Sessiond.Vt;

/// <summary>A piece of <see cref="IScrollbackMemory"/>.</summary>
/// <param name="Position">Names it within its memory.</param>
/// <param name="Bytes">The memory itself.</param>
public readonly record struct ScrollbackBlock(long Position, Memory<byte> Bytes);
