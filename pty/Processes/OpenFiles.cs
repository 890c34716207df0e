namespace Sessiond.Pty;

/// <summary>The process's own descriptors and limits.</summary>
public static unsafe class OpenFiles
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>Marks everything past standard error CLOEXEC, close_range(2): what whoever started us left open is not for the sessions.</summary>
    public static void KeepFromChildren() =>
        _ = Libc.Syscall(Libc.SYS_close_range, 3, unchecked((nint)uint.MaxValue), (nint)Libc.CLOSE_RANGE_CLOEXEC, 0);

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
}
