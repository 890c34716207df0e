using System.Globalization;

namespace Sessiond.Pty;

/// <summary>The program's own file as it is mapped.</summary>
public static unsafe class OwnImage
{
    private const int MADV_DONTNEED = 4;

    /// <summary>
    /// Gives back the pages of code that only the start needed. They are clean pages of the file: what is run again is mapped again, without I/O while the
    /// page cache holds it. Only executable mappings: these have no relocations, so no page of them is ours alone.
    /// </summary>
    /// <remarks>Managed memory goes first: what is collected is no page of the start's any more.</remarks>
    public static void ReleaseStartupPages()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        string? binary = Environment.ProcessPath;
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            // start-end perms offset dev inode path, proc_pid_maps(5)
            string[] fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 6 || fields[1] != "r-xp" || fields[5] != binary) continue;
            string[] range = fields[0].Split('-');
            nuint start = nuint.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            nuint end = nuint.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _ = Libc.Madvise((void*)start, (nint)(end - start), MADV_DONTNEED);
        }
    }
}
