using System.Globalization;

namespace Sessiond.Spec;

/// <summary>Sizes as the spec writes them: <c>16MiB</c>, <c>500KB</c>, <c>4096</c>.</summary>
public static class ByteSize
{
    /// <summary>Units of 1000 and of 1024, longest suffix first.</summary>
    private static readonly (string Suffix, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("B", 1), ("", 1),
    ];

    /// <summary>Reads a size; a fraction of a unit is allowed, a fraction of a byte is cut.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        (string suffix, long unit) = Units.First(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        ReadOnlySpan<char> number = text.AsSpan(0, text.Length - suffix.Length);
        if (number.IsEmpty || !char.IsAsciiDigit(number[0])) return false;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)) return false;
        if (value > long.MaxValue / unit) return false;
        bytes = (long)(value * unit);
        return true;
    }

    /// <summary>Writes a size in the largest unit of 1024 that divides it.</summary>
    public static string Format(long bytes)
    {
        (string suffix, long unit) = Units.Take(4).Reverse().FirstOrDefault(unit => bytes > 0 && bytes % unit.Bytes == 0, ("B", 1));
        return $"{bytes / unit}{suffix}";
    }
}
