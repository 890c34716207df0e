namespace Sessiond.Spec.Decoding;

/// <summary>Finds the legal word that a misspelt one was probably meant to be.</summary>
internal static class NearestWord
{
    /// <summary>Longer words are not compared: no key is as long, and the comparison is quadratic.</summary>
    private const int MaxLength = 64;

    /// <summary>The nearest word, or null when none is near: a third of its letters may be wrong, and at least one.</summary>
    public static string? Find(string word, IEnumerable<string> legal)
    {
        if (word.Length > MaxLength) return null;
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string candidate in legal)
        {
            int distance = Distance(Folded(word), Folded(candidate));
            if (distance >= least || distance > Math.Max(1, candidate.Length / 3)) continue;
            nearest = candidate;
            least = distance;
        }

        return nearest;
    }

    // stopTimeout, stop-timeout and STOP_TIMEOUT are all meant as stop_timeout.
    private static string Folded(string word) =>
        word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Damerau–Levenshtein distance (optimal string alignment): insert, delete, replace, swap neighbours.</summary>
    internal static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1], last = new int[b.Length + 1], row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (swapped) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }
}
