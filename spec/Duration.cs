using System.Globalization;

namespace Sessiond.Spec;

/// <summary>Durations as the spec and the command line write them: <c>5s</c>, <c>500ms</c>, <c>1h30m</c>.</summary>
public static class Duration
{
    /// <summary>The longest one. Longer ones are mistakes, and timers of the platform end at 49 days.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(49);

    /// <summary>Reads a duration of at most <see cref="Max"/>: numbers with a unit of ms, s, m, h or d, each unit at most once, the largest first.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        double total = 0, smallest = double.PositiveInfinity;
        ReadOnlySpan<char> rest = text;
        if (rest.IsEmpty) return false;
        while (!rest.IsEmpty)
        {
            int digits = LengthOfNumber(rest);
            if (digits == 0 || digits == rest.Length || !char.IsAsciiDigit(rest[0])) return false;
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) return false;
            rest = rest[digits..];
            int letters = rest.IndexOfAnyExceptInRange('a', 'z');
            if (letters < 0) letters = rest.Length;
            double unit = UnitSeconds(rest[..letters]);
            if (unit >= smallest) return false;
            smallest = unit;
            total += number * unit;
            rest = rest[letters..];
        }

        return TryFromSeconds(total, out duration);
    }

    /// <summary>Reads a number of seconds.</summary>
    public static bool TryFromSeconds(double seconds, out TimeSpan duration)
    {
        bool valid = seconds >= 0 && seconds <= Max.TotalSeconds;
        duration = valid ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return valid;
    }

    /// <summary>Writes a duration as <see cref="TryParse"/> reads it: <c>1h30m</c>. Parts of a millisecond are left out.</summary>
    public static string Format(TimeSpan duration)
    {
        string text = "";
        if (duration.Days > 0) text += $"{duration.Days}d";
        if (duration.Hours > 0) text += $"{duration.Hours}h";
        if (duration.Minutes > 0) text += $"{duration.Minutes}m";
        if (duration.Seconds > 0) text += $"{duration.Seconds}s";
        if (duration.Milliseconds > 0) text += $"{duration.Milliseconds}ms";
        return text.Length == 0 ? "0s" : text;
    }

    private static int LengthOfNumber(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || text[length] == '.')) length++;
        return length;
    }

    // An unknown unit is larger than every one before it, which the caller refuses.
    private static double UnitSeconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => 0.001,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => double.PositiveInfinity,
    };
}
