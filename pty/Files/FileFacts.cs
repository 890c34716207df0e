namespace Sessiond.Pty;

/// <summary>What statx(2) says of a path, a link not followed.</summary>
/// <param name="Kind">Type bits of the mode, S_IFMT.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Device">Major and minor number of the file system.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Time of change, nanoseconds since 1970.</param>
/// <param name="Changed">Time of change of the inode, nanoseconds since 1970.</param>
public readonly record struct FileFacts(uint Kind, ulong Inode, ulong Device, long Size, long Modified, long Changed)
{
    private const uint FolderKind = 0x4000; // S_IFDIR
    private const uint FileKind = 0x8000; // S_IFREG
    private const uint KindMask = 0xF000; // S_IFMT
    private const uint BasicStats = 0x7FF; // STATX_BASIC_STATS

    /// <summary>It is a folder.</summary>
    public bool IsFolder => Kind == FolderKind;

    /// <summary>It is a plain file.</summary>
    public bool IsFile => Kind == FileKind;

    /// <summary>Looks at a path given as bytes: a name need not be UTF-8; null when there is none or it cannot be reached.</summary>
    public static unsafe FileFacts? Of(ReadOnlySpan<byte> path)
    {
        // struct statx, statx(2), 256 bytes: stx_mode is u16 at 28, stx_ino at 32, stx_size at 40, stx_ctime at 96 and stx_mtime at 112 (s64
        // seconds, u32 nanoseconds each), stx_dev_major and stx_dev_minor at 136.
        byte* result = stackalloc byte[256];
        byte[] terminated = [.. path, 0];
        fixed (byte* start = terminated)
        {
            if (Libc.StatxOfBytes(Libc.AT_FDCWD, start, Libc.AT_SYMLINK_NOFOLLOW, BasicStats, result) != 0) return null;
        }

        return new FileFacts(
            *(ushort*)(result + 28) & KindMask, *(ulong*)(result + 32), *(ulong*)(result + 136), *(long*)(result + 40), Time(result + 112), Time(result + 96));
    }

    private static unsafe long Time(byte* timestamp) => (*(long*)timestamp * 1_000_000_000) + *(uint*)(timestamp + 8);
}
