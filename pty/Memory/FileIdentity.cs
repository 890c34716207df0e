namespace Sessiond.Pty;

/// <summary>Which file lies at a path: device, inode, and what changes when its content does. Two are equal while nothing was put in its place.</summary>
/// <param name="Device">Device, major and minor number.</param>
/// <param name="Inode">Inode.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedNanoseconds">Time of the last change of content, nanoseconds of the Unix epoch.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode, ulong Size, long ModifiedNanoseconds)
{
    /// <summary>STATX_BASIC_STATS, statx(2).</summary>
    private const uint BasicStats = 0x7FF;

    /// <summary>The file at a path, links followed; null when there is none.</summary>
    public static unsafe FileIdentity? Of(string path)
    {
        // struct statx: stx_ino at 32, stx_size at 40, stx_mtime at 112 (seconds, then 32-bit nanoseconds), stx_dev_major at 136, stx_dev_minor at 140.
        byte* result = stackalloc byte[256];
        if (Libc.Statx(Libc.AT_FDCWD, path, 0, BasicStats, result) != 0) return null;
        long modified = *(long*)(result + 112) * 1_000_000_000 + *(uint*)(result + 120);
        return new FileIdentity(*(ulong*)(result + 136), *(ulong*)(result + 32), *(ulong*)(result + 40), modified);
    }
}
