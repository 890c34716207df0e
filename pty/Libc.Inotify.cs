using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>inotify(7).</summary>
internal static unsafe partial class Libc
{
    internal const int IN_CLOEXEC_NONBLOCK = 0x80800;

    [LibraryImport(Name, EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial int InotifyInit(int flags);

    [LibraryImport(Name, EntryPoint = "inotify_add_watch", SetLastError = true)]
    internal static partial int InotifyAddWatch(int fd, byte* path, uint mask);

    [LibraryImport(Name, EntryPoint = "inotify_rm_watch", SetLastError = true)]
    internal static partial int InotifyRemoveWatch(int fd, int watch);

    [LibraryImport(Name, EntryPoint = "statx", SetLastError = true)]
    internal static partial int StatxOfBytes(int folder, byte* path, int flags, uint mask, byte* result);
}
