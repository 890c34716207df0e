using System.Text;

namespace Sessiond.Hooks.Secrets;

/// <summary>Finds secret values in bytes and covers them with <c>*</c>, byte by byte, so that offsets hold. Immutable; any thread.</summary>
public sealed class SecretMask
{
    /// <summary>Shorter values are not covered: they would be found in words that are nobody's secret.</summary>
    public const int MinLength = 4;

    private const byte Cover = (byte)'*';

    private readonly byte[][] _values;

    private SecretMask(byte[][] values)
    {
        _values = values;
        MaxLength = values.Length == 0 ? 0 : values.Max(value => value.Length);
    }

    /// <summary>Covers nothing.</summary>
    public static SecretMask None { get; } = new([]);

    /// <summary>Bytes of the longest value.</summary>
    public int MaxLength { get; }

    /// <summary>True when there is nothing to look for.</summary>
    public bool IsEmpty => _values.Length == 0;

    /// <summary>A mask that covers these values too. Lines of a value with several are looked for one by one, as a terminal ends them in its own way.</summary>
    public SecretMask With(IEnumerable<string> values)
    {
        IEnumerable<byte[]> added = values
            .SelectMany(value => value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => Encoding.UTF8.GetBytes(line.TrimEnd('\r')))
            .Where(line => line.Length >= MinLength);
        byte[][] all = [.. _values.Concat(added).DistinctBy(Convert.ToHexString)];
        return all.Length == _values.Length ? this : new SecretMask(all);
    }

    /// <summary>Covers what is found whole.</summary>
    public void Apply(Span<byte> bytes)
    {
        // Found first, covered then: a value may be the beginning, or any part, of another one.
        List<Range>? found = null;
        foreach (byte[] value in _values)
        {
            int start = 0;
            for (int at = bytes.IndexOf(value); at >= 0; at = bytes[start..].IndexOf(value))
            {
                (found ??= []).Add((start + at)..(start + at + value.Length));
                start += at + value.Length;
            }
        }

        foreach (Range range in found ?? []) bytes[range].Fill(Cover);
    }

    /// <summary>Covers what is found whole, and tells what must not be shown yet.</summary>
    /// <returns>Bytes at the end that are uncovered and may be the beginning of a value: what comes next decides.</returns>
    public int ApplyToStream(Span<byte> bytes)
    {
        // Asked before: of a value that another one ends with nothing would be left to see.
        int tail = OpenTail(bytes);
        Apply(bytes);
        while (tail > 0 && bytes[^tail] == Cover) tail--;
        return tail;
    }

    /// <summary>The text with what is found covered.</summary>
    public string Apply(string text)
    {
        if (IsEmpty) return text;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Apply(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Bytes at the end that may be the beginning of a value: what comes next decides.</summary>
    public int OpenTail(ReadOnlySpan<byte> bytes)
    {
        int longest = 0;
        foreach (byte[] value in _values)
        {
            for (int length = Math.Min(value.Length - 1, bytes.Length); length > longest; length--)
            {
                if (bytes[^length..].SequenceEqual(value.AsSpan(0, length))) longest = length;
            }
        }

        return longest;
    }
}
