namespace Sessiond.Vt;

/// <summary>Grapheme clusters as mode 2027 counts them: boundaries of UAX #29, width of the whole cluster.</summary>
internal static class Graphemes
{
    private const int VariationSelector16 = 0xFE0F;

    /// <summary>True when <paramref name="next"/> starts a new cluster after <paramref name="cluster"/>.</summary>
    public static bool IsBoundary(ReadOnlySpan<int> cluster, int next)
    {
        GraphemeClass before = UnicodeTable.Class(cluster[^1]);
        GraphemeClass after = UnicodeTable.Class(next);
        switch (after)
        {
            // GB9, GB9a
            case GraphemeClass.Extend or GraphemeClass.ExtendLinker or GraphemeClass.ExtendOther
                or GraphemeClass.ZeroWidthJoiner or GraphemeClass.SpacingMark:
                return before == GraphemeClass.Control;

            // GB6-GB8: syllables of Hangul
            case GraphemeClass.HangulL or GraphemeClass.HangulLv or GraphemeClass.HangulLvt when before == GraphemeClass.HangulL:
            case GraphemeClass.HangulV when before is GraphemeClass.HangulL or GraphemeClass.HangulLv or GraphemeClass.HangulV:
            case GraphemeClass.HangulT when before is GraphemeClass.HangulLv or GraphemeClass.HangulLvt or GraphemeClass.HangulV or GraphemeClass.HangulT:
                return false;

            // GB11: emoji joined by ZWJ
            case GraphemeClass.ExtendedPictographic when before == GraphemeClass.ZeroWidthJoiner:
                return !EndsWithPictographicBeforeJoiner(cluster);

            // GB9c: conjuncts
            case GraphemeClass.Consonant:
                return before != GraphemeClass.Prepend && !EndsWithLinkedConsonant(cluster);

            // GB12, GB13: a flag is two letters
            case GraphemeClass.RegionalIndicator when before == GraphemeClass.RegionalIndicator:
                return CountRegionalIndicators(cluster) % 2 == 0;
            case GraphemeClass.Control:
                return true;
            default:
                // GB9b
                return before != GraphemeClass.Prepend;
        }
    }

    /// <summary>Cells of a cluster: its widest code point, or two by VS16 after an emoji, or two for a flag.</summary>
    public static int Width(ReadOnlySpan<int> cluster)
    {
        int width = 0;
        foreach (int code in cluster)
        {
            width = Math.Max(width, UnicodeTable.Width(code));
        }

        GraphemeClass first = UnicodeTable.Class(cluster[0]);
        bool emoji = first == GraphemeClass.ExtendedPictographic && cluster.Length > 1 && cluster[1] == VariationSelector16;
        bool keycap = cluster.Length == 3 && cluster[1] == VariationSelector16 && cluster[2] == 0x20E3;
        bool flag = first == GraphemeClass.RegionalIndicator && cluster.Length > 1;
        return emoji || keycap || flag ? 2 : width;
    }

    private static bool EndsWithPictographicBeforeJoiner(ReadOnlySpan<int> cluster)
    {
        int i = cluster.Length - 2;
        while (i >= 0 && UnicodeTable.Class(cluster[i]) is GraphemeClass.Extend or GraphemeClass.ExtendLinker or GraphemeClass.ExtendOther)
        {
            i--;
        }

        return i >= 0 && UnicodeTable.Class(cluster[i]) == GraphemeClass.ExtendedPictographic;
    }

    private static bool EndsWithLinkedConsonant(ReadOnlySpan<int> cluster)
    {
        bool linked = false;
        for (int i = cluster.Length - 1; i >= 0; i--)
        {
            switch (UnicodeTable.Class(cluster[i]))
            {
                case GraphemeClass.ExtendLinker:
                    linked = true;
                    break;
                case GraphemeClass.Extend or GraphemeClass.ZeroWidthJoiner:
                    break;
                case GraphemeClass.Consonant:
                    return linked;
                default:
                    return false;
            }
        }

        return false;
    }

    private static int CountRegionalIndicators(ReadOnlySpan<int> cluster)
    {
        int count = 0;
        while (count < cluster.Length && UnicodeTable.Class(cluster[cluster.Length - 1 - count]) == GraphemeClass.RegionalIndicator)
        {
            count++;
        }

        return count;
    }
}
