using System.Text;

namespace Sessiond.Spec.Toml;

/// <summary>Dates and times of TOML 1.1 (RFC 3339, where seconds may be left out).</summary>
internal static class TomlDateTimeSyntax
{
    /// <summary>Whether a token is meant as a date or a time: digits, then <c>-</c> or <c>:</c>.</summary>
    public static bool LooksLike(ReadOnlySpan<char> token)
    {
        int digits = token.IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && token[digits] is '-' or ':';
    }

    /// <summary>The date or time that the whole token is; null when it is none.</summary>
    public static TomlDateTime? Parse(ReadOnlySpan<char> token, SourcePosition position)
    {
        var text = new StringBuilder(token.Length + 3);
        if (token.Length > 2 && token[2] == ':')
        {
            return TryTime(ref token, text) && token.IsEmpty ? Make(TomlDateTimeKind.LocalTime) : null;
        }

        if (!TryDate(ref token, text)) return null;
        if (token.IsEmpty) return Make(TomlDateTimeKind.LocalDate);
        if (token[0] is not ('T' or 't' or ' ')) return null;
        token = token[1..];
        text.Append('T');
        if (!TryTime(ref token, text)) return null;
        if (token.IsEmpty) return Make(TomlDateTimeKind.LocalDateTime);
        return TryOffset(ref token, text) && token.IsEmpty ? Make(TomlDateTimeKind.OffsetDateTime) : null;

        TomlDateTime Make(TomlDateTimeKind kind) => new(position, kind, text.ToString());
    }

    // full-date = 4DIGIT "-" 2DIGIT "-" 2DIGIT, a day that exists
    private static bool TryDate(ref ReadOnlySpan<char> rest, StringBuilder text)
    {
        if (!TryDigits(ref rest, 4, 9999, text, out int year) || !TryMark(ref rest, '-', text)) return false;
        if (!TryDigits(ref rest, 2, 12, text, out int month) || month == 0 || !TryMark(ref rest, '-', text)) return false;
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int days = month == 2 ? leap ? 29 : 28 : month is 4 or 6 or 9 or 11 ? 30 : 31;
        return TryDigits(ref rest, 2, days, text, out int day) && day > 0;
    }

    // partial-time = 2DIGIT ":" 2DIGIT [ ":" 2DIGIT [ "." 1*DIGIT ] ]; 60 is a leap second
    private static bool TryTime(ref ReadOnlySpan<char> rest, StringBuilder text)
    {
        if (!TryDigits(ref rest, 2, 23, text, out _) || !TryMark(ref rest, ':', text)) return false;
        if (!TryDigits(ref rest, 2, 59, text, out _)) return false;
        if (rest is not [':', ..])
        {
            text.Append(":00");
            return true;
        }

        if (!TryMark(ref rest, ':', text) || !TryDigits(ref rest, 2, 60, text, out _)) return false;
        if (rest is not ['.', ..]) return true;
        int digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
        int length = digits < 0 ? rest.Length : 1 + digits;
        if (length == 1) return false;
        text.Append(rest[..length]);
        rest = rest[length..];
        return true;
    }

    // time-offset = "Z" / ( "+" / "-" ) 2DIGIT ":" 2DIGIT
    private static bool TryOffset(ref ReadOnlySpan<char> rest, StringBuilder text)
    {
        char sign = rest[0];
        rest = rest[1..];
        text.Append(char.ToUpperInvariant(sign));
        if (sign is 'Z' or 'z') return true;
        return sign is '+' or '-'
            && TryDigits(ref rest, 2, 23, text, out _)
            && TryMark(ref rest, ':', text)
            && TryDigits(ref rest, 2, 59, text, out _);
    }

    private static bool TryDigits(ref ReadOnlySpan<char> rest, int count, int max, StringBuilder text, out int value)
    {
        value = 0;
        if (rest.Length < count) return false;
        foreach (char digit in rest[..count])
        {
            if (!char.IsAsciiDigit(digit)) return false;
            value = (value * 10) + (digit - '0');
        }

        text.Append(rest[..count]);
        rest = rest[count..];
        return value <= max;
    }

    private static bool TryMark(ref ReadOnlySpan<char> rest, char mark, StringBuilder text)
    {
        if (rest.IsEmpty || rest[0] != mark) return false;
        text.Append(mark);
        rest = rest[1..];
        return true;
    }
}
