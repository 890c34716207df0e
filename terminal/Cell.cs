using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <summary>
/// One cell of a live screen in 8 bytes: a code point or the index of a grapheme cluster, its width, and the
/// number of an interned style. Equal bits mean equal cells as long as both come from one terminal.
/// </summary>
internal readonly struct Cell : IEquatable<Cell>
{
    /// <summary>Bits of <see cref="Content"/> that hold a code point or a cluster's index.</summary>
    public const uint ValueMask = 0x1FFFFF;

    /// <summary>Set when the value is an index into <see cref="GraphemeTable"/>.</summary>
    public const uint ClusterFlag = 1u << 21;

    /// <summary>Set on the left half of a wide cell.</summary>
    public const uint WideFlag = 1u << 22;

    /// <summary>Set on the right half of a wide cell; it has no value.</summary>
    public const uint TailFlag = 1u << 23;

    private readonly ulong _bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Cell(uint content, uint style) => _bits = content | ((ulong)style << 32);

    /// <summary>Value and flags; 0 is a cell that nothing was written to since it was erased.</summary>
    public uint Content => (uint)_bits;

    /// <summary>Number of the style in the terminal's <see cref="StyleTable"/>; 0 is the default style.</summary>
    public uint Style => (uint)(_bits >> 32);

    public uint Value => Content & ValueMask;

    public bool IsDefault => _bits == 0;

    public bool IsEmpty => Content == 0;

    public bool IsWide => (Content & WideFlag) != 0;

    public bool IsTail => (Content & TailFlag) != 0;

    public bool IsCluster => (Content & ClusterFlag) != 0;

    public Cell WithStyle(uint style) => new(Content, style);

    public bool Equals(Cell other) => _bits == other._bits;

    public override bool Equals(object? obj) => obj is Cell other && Equals(other);

    public override int GetHashCode() => _bits.GetHashCode();
}
