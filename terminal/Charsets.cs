namespace Sessiond.Vt;

/// <summary>The four designated character sets and which of them GL and GR use. A set is named by its final byte.</summary>
internal struct Charsets : IEquatable<Charsets>
{
    /// <summary>Designation of ASCII, "B".</summary>
    public const byte Ascii = (byte)'B';

    /// <summary>DEC Special Graphics, "0".</summary>
    public const byte SpecialGraphics = (byte)'0';

    /// <summary>G0 in the low byte, G3 in the high one.</summary>
    private uint _sets;

    public byte Left;
    public byte Right;

    public static Charsets Default => new() { _sets = 0x42424242, Right = 2 };

    /// <summary>True when a byte 0x20-0x7E prints as itself.</summary>
    public readonly bool IsAscii => this[Left] == Ascii;

    public byte this[int set]
    {
        readonly get => (byte)(_sets >> (set * 8));
        set => _sets = (_sets & ~(0xFFu << (set * 8))) | ((uint)value << (set * 8));
    }

    /// <summary>The code point that an ASCII byte shows in a set.</summary>
    public static int Map(byte set, int code)
    {
        return set switch
        {
            SpecialGraphics when code is >= 0x5F and <= 0x7E => SpecialGraphicsGlyphs[code - 0x5F],
            (byte)'A' when code == '#' => 0xA3,
            _ => code,
        };
    }

    /// <summary>VT100 User Guide, table 3-9, as Unicode names them.</summary>
    private static ReadOnlySpan<char> SpecialGraphicsGlyphs =>
        "\u00A0\u25C6\u2592\u2409\u240C\u240D\u240A\u00B0\u00B1\u2424\u240B\u2518\u2510\u250C\u2514\u253C"
        + "\u23BA\u23BB\u2500\u23BC\u23BD\u251C\u2524\u2534\u252C\u2502\u2264\u2265\u03C0\u2260\u00A3\u00B7";

    public readonly bool Equals(Charsets other) => _sets == other._sets && Left == other.Left && Right == other.Right;

    public override readonly bool Equals(object? obj) => obj is Charsets other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_sets, Left, Right);
}
