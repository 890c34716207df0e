namespace Sessiond.Pty;

/// <summary>The process's own descriptors and limits.</summary>
public static unsafe class OpenFiles
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>Marks everything past standard error CLOEXEC: what whoever started us left open is not for the sessions.</summary>
    public static void KeepFromChildren()
    {
        // close_range(2) has this flag from Linux 5.11 on, and a container's seccomp filter may not know the call.
        if (Libc.Syscall(Libc.SYS_close_range, 3, unchecked((nint)uint.MaxValue), (nint)Libc.CLOSE_RANGE_CLOEXEC, 0) == 0) return;
        foreach (string path in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(path), out int fd) && fd > 2) Libc.SetCloseOnExec(fd, true);
        }
    }

    /// <summary>Raises the soft limit of open files to the hard one, getrlimit(2): a session costs two descriptors, an attachment one.</summary>
    /// <returns>The soft limit before, for the children.</returns>
    public static long RaiseLimit()
    {
        ulong* limits = stackalloc ulong[2];
        if (Libc.GetResourceLimit(RLIMIT_NOFILE, limits) != 0) return 0;
        ulong before = limits[0];
        limits[0] = limits[1];
        _ = Libc.SetResourceLimit(RLIMIT_NOFILE, limits);
        return (long)before;
    }

    /// <summary>Sets the soft limit, where the hard one lets it.</summary>
    public static void SetLimit(long soft)
    {
        ulong* limits = stackalloc ulong[2];
        if (Libc.GetResourceLimit(RLIMIT_NOFILE, limits) != 0) return;
        limits[0] = Math.Min((ulong)soft, limits[1]);
        _ = Libc.SetResourceLimit(RLIMIT_NOFILE, limits);
    }

    /// <summary>Opens a file to be executed later by its descriptor, whatever its name means then.</summary>
    /// <exception cref="OsException">There is no such file, or it may not be read.</exception>
    public static SafeFd OpenProgram(string path) => new(OsException.Check(Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), $"open {path}"));

    internal static SafeFd? TryOpenFolder(string path) =>
        Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0) is >= 0 and int fd ? new SafeFd(fd) : null;

    /// <summary>The path under which this process, and a child of it before its own exec, executes an open file, proc(5).</summary>
    public static string PathOf(SafeFd fd) => $"/proc/self/fd/{fd.Value}";

    /// <summary>A descriptor that an earlier program of this process left open, CLOEXEC from here on.</summary>
    public static SafeFd Inherited(int fd)
    {
        Libc.SetCloseOnExec(fd, true);
        return new SafeFd(fd);
    }

    /// <summary>The number of a descriptor, for a program that is executed in place of this one.</summary>
    public static int NumberOf(SafeFd fd) => fd.Value;
}
