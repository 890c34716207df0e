using System.Runtime.InteropServices;

namespace Sessiond.Bench;

/// <summary>The two calls that the harness needs beside those of Sessiond.Pty: it blocks, which the daemon never does.</summary>
internal static unsafe partial class Libc
{
    private const short POLLIN = 1;
    private const short POLLOUT = 4;

    /// <summary>Waits until a descriptor is readable, ended or broken, poll(2).</summary>
    internal static void AwaitReadable(SafeHandle fd) => Await(fd, POLLIN);

    /// <summary>Waits until a descriptor takes bytes again.</summary>
    internal static void AwaitWritable(SafeHandle fd) => Await(fd, POLLOUT);

    /// <summary>Whether a descriptor becomes readable within a time.</summary>
    internal static bool IsReadable(SafeHandle fd, int milliseconds) => Poll(fd, POLLIN, milliseconds) > 0;

    /// <summary>Makes a FIFO, mkfifo(3).</summary>
    internal static void MakeFifo(string path)
    {
        if (MkFifo(path, 0x180) != 0) throw new IOException($"mkfifo {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static void Await(SafeHandle fd, short events)
    {
        // -1 is EINTR: the runtime's own signals.
        while (Poll(fd, events, -1) < 0)
        {
        }
    }

    private static int Poll(SafeHandle fd, short events, int milliseconds)
    {
        // struct pollfd, poll(2)
        long entry = (uint)(int)fd.DangerousGetHandle() | ((long)(ushort)events << 32);
        return PollFds(&entry, 1, milliseconds);
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollFds(long* fds, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkFifo(string path, uint mode);
}
