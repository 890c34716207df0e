using System.Globalization;

namespace Sessiond.Spec.Toml;

/// <summary>Integers and floats of TOML.</summary>
internal static class TomlNumberSyntax
{
    /// <summary>The number that the whole token is; null when it is none, or does not fit 64 bits.</summary>
    public static TomlValue? Parse(ReadOnlySpan<char> token, SourcePosition position)
    {
        // Prefixes stand in lower case and take no sign.
        if (token is ['0', 'x' or 'o' or 'b', ..]) return ParsePrefixed(token, position);
        ReadOnlySpan<char> unsigned = token is ['+' or '-', .. var rest] ? rest : token;
        double sign = token[0] == '-' ? -1 : 1;
        if (unsigned is "inf") return new TomlFloat(position, sign * double.PositiveInfinity);
        if (unsigned is "nan") return new TomlFloat(position, double.NaN);
        return unsigned.IndexOfAny('.', 'e', 'E') < 0
            ? ParseDecimal(token, unsigned, position)
            : ParseFloat(token, unsigned, position);
    }

    private static TomlInteger? ParseDecimal(ReadOnlySpan<char> token, ReadOnlySpan<char> unsigned, SourcePosition position)
    {
        if (!IsDecimalInteger(unsigned)) return null;
        return long.TryParse(WithoutUnderscores(token), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? new TomlInteger(position, value)
            : null;
    }

    private static TomlInteger? ParsePrefixed(ReadOnlySpan<char> token, SourcePosition position)
    {
        int bits = token[1] switch { 'x' => 4, 'o' => 3, _ => 1 };
        ReadOnlySpan<char> digits = token[2..];
        if (!AreDigits(digits, radix: 1 << bits)) return null;
        long value = 0;
        foreach (char digit in digits)
        {
            if (digit == '_') continue;
            if (value > long.MaxValue >> bits) return null;
            value = (value << bits) | (uint)DigitValue(digit);
        }

        return new TomlInteger(position, value);
    }

    // float = decimal-int ( exp / "." digits [ exp ] )   exp = "e" [ "+" / "-" ] digits
    private static TomlFloat? ParseFloat(ReadOnlySpan<char> token, ReadOnlySpan<char> unsigned, SourcePosition position)
    {
        ReadOnlySpan<char> mantissa = unsigned;
        int exponentAt = unsigned.IndexOfAny('e', 'E');
        if (exponentAt >= 0)
        {
            ReadOnlySpan<char> exponent = unsigned[(exponentAt + 1)..];
            if (exponent is ['+' or '-', ..]) exponent = exponent[1..];
            if (!AreDigits(exponent, radix: 10)) return null;
            mantissa = unsigned[..exponentAt];
        }

        int dot = mantissa.IndexOf('.');
        if (dot >= 0 && !AreDigits(mantissa[(dot + 1)..], radix: 10)) return null;
        if (!IsDecimalInteger(dot < 0 ? mantissa : mantissa[..dot])) return null;
        return new TomlFloat(position, double.Parse(WithoutUnderscores(token), NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private static bool IsDecimalInteger(ReadOnlySpan<char> digits) =>
        AreDigits(digits, radix: 10) && (digits.Length == 1 || digits[0] != '0');

    // At least one digit; an underscore only between two of them.
    private static bool AreDigits(ReadOnlySpan<char> digits, int radix)
    {
        bool afterDigit = false;
        foreach (char c in digits)
        {
            if (c == '_' ? !afterDigit : DigitValue(c) >= radix) return false;
            afterDigit = c != '_';
        }

        return afterDigit;
    }

    private static int DigitValue(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'f' => digit - 'a' + 10,
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => int.MaxValue,
    };

    private static string WithoutUnderscores(ReadOnlySpan<char> token) =>
        token.Contains('_') ? token.ToString().Replace("_", "", StringComparison.Ordinal) : token.ToString();
}
