namespace Sessiond.Bench;

/// <summary>Waiting for a text to be shown.</summary>
internal static class Watching
{
    /// <summary>Reads until the output holds a marker, which may come in pieces.</summary>
    /// <returns>Bytes of output until then.</returns>
    /// <exception cref="IOException">The output ended before.</exception>
    internal static long ReadUntil(this IWatcher watcher, ReadOnlySpan<byte> marker)
    {
        Span<byte> seam = stackalloc byte[2 * marker.Length];
        int kept = 0;
        long total = 0;
        while (true)
        {
            ReadOnlySpan<byte> chunk = watcher.Read();
            if (chunk.IsEmpty) throw new IOException($"the output ended after {total} bytes, before the marker");
            total += chunk.Length;
            int head = Math.Min(chunk.Length, marker.Length);
            chunk[..head].CopyTo(seam[kept..]);
            if (seam[..(kept + head)].IndexOf(marker) >= 0 || chunk.IndexOf(marker) >= 0) return total;
            kept = KeepTail(seam, kept + head, chunk, marker.Length - 1);
        }
    }

    /// <summary>Keeps the last bytes of the output at the seam's start: a marker may begin there.</summary>
    private static int KeepTail(Span<byte> seam, int filled, ReadOnlySpan<byte> chunk, int length)
    {
        ReadOnlySpan<byte> tail = chunk.Length >= length ? chunk[^length..] : seam[Math.Max(0, filled - length)..filled];
        tail.CopyTo(seam);
        return tail.Length;
    }
}
