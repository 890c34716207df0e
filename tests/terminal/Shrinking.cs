namespace Sessiond.Terminal.Tests;

/// <summary>Makes failing streams small.</summary>
internal static class Shrinking
{
    /// <summary>Leaves out pieces as long as the failure stays.</summary>
    public static List<T> Shrink<T>(List<T> pieces, Func<List<T>, bool> fails)
    {
        for (int size = pieces.Count / 2; size >= 1; size /= 2)
        {
            for (int i = 0; i + size <= pieces.Count;)
            {
                List<T> fewer = [.. pieces.Take(i), .. pieces.Skip(i + size)];
                if (fails(fewer))
                {
                    pieces = fewer;
                }
                else
                {
                    i += size;
                }
            }
        }

        return pieces;
    }
}
