namespace Sessiond.Vt;

/// <summary>Everything about a cell that is not its character: colours, attributes, hyperlink.</summary>
internal struct Style : IEquatable<Style>
{
    /// <summary>Bits that <see cref="Underline"/> is shifted by in <see cref="CellAttributes"/>.</summary>
    private const int UnderlineShift = 12;

    public uint Foreground;
    public uint Background;
    public uint UnderlineColor;
    public CellAttributes Attributes;

    /// <summary>Number of the hyperlink in <see cref="LinkTable"/>; 0 is none.</summary>
    public int Link;

    /// <summary>Kind of underline as in SGR 4:n; 0 is none.</summary>
    public int Underline
    {
        readonly get => (int)(Attributes & CellAttributes.UnderlineMask) >> UnderlineShift;
        set => Attributes = (Attributes & ~CellAttributes.UnderlineMask) | (CellAttributes)(value << UnderlineShift);
    }

    public readonly bool IsDefault => Equals(default);

    public readonly bool Has(CellAttributes attribute) => (Attributes & attribute) != 0;

    /// <summary>What an erased cell keeps of the pen (xterm's "back colour erase").</summary>
    public readonly Style ForErase() => new() { Background = Background };

    public readonly bool Equals(Style other) =>
        Foreground == other.Foreground && Background == other.Background && Attributes == other.Attributes
        && UnderlineColor == other.UnderlineColor && Link == other.Link;

    public override readonly bool Equals(object? obj) => obj is Style other && Equals(other);

    public override readonly int GetHashCode()
    {
        ulong hash = Foreground | ((ulong)Background << 32);
        hash = (hash ^ ((ulong)Attributes << 17) ^ ((ulong)(uint)Link << 40)) * 0x9E3779B97F4A7C15;
        hash = (hash ^ UnderlineColor ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
        return (int)(hash >> 33);
    }
}
