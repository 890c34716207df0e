using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Reads and writes the standard fds by system call.</summary>
/// <remarks>
/// <c>System.Console</c> is not used for a terminal: its input side, and <c>Console.Out</c> too, install signal handlers,
/// cache termios and write <c>keypad_xmit</c> to the terminal.
/// </remarks>
public static class StandardIo
{
    // asm-generic/fcntl.h, asm-generic/errno-base.h, bits/poll.h, asm-generic/ioctls.h and signal(7): equal on x86-64 and arm64.
    private const int GetFdFlags = 1;
    private const int CloseOnExec = 1;
    private const int ReadWrite = 2;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int SigStop = 19;
    private const short Writable = 4;
    private const nuint GetWindowSize = 0x5413;

    /// <summary>The effective uid of this process.</summary>
    public static int EffectiveUser => unchecked((int)Libc.GetEffectiveUserTty());

    /// <summary>
    /// Opens /dev/null in place of each standard fd that the caller closed. Otherwise the next file that is opened gets its
    /// number, and a terminal's bytes go into a socket. To be called first in Main.
    /// </summary>
    /// <remarks>
    /// The runtime opens files before Main (/dev/urandom among them), which may have got such a number already. CLOEXEC tells: what was inherited through exec
    /// never has it. The number is not ours to take then, so the program starts once more with all three open.
    /// </remarks>
    /// <exception cref="OsException">It cannot be started again.</exception>
    public static void OpenMissing()
    {
        List<int> taken = [];
        for (int fd = 0; fd <= 2; fd++)
        {
            int flags = Libc.GetFdFlagsTty(fd, GetFdFlags);
            if (flags < 0) _ = Libc.OpenTty("/dev/null", ReadWrite);
            else if ((flags & CloseOnExec) != 0) taken.Add(fd);
        }

        if (taken.Count > 0) StartAgain(taken);
    }

    /// <summary>
    /// Stops this process as SIGTSTP would have (the runtime swallows that signal once it is handled); returns when it goes on.
    /// </summary>
    public static void StopProcess() => _ = Libc.KillTty(Environment.ProcessId, SigStop);

    /// <summary>True when <paramref name="fd"/> is a terminal.</summary>
    public static bool IsTerminal(StandardFd fd) => Libc.IsTty((int)fd) == 1;

    /// <summary>The terminal's size; null when <paramref name="fd"/> is none, or one that knows no size.</summary>
    public static unsafe TtySize? ReadSize(StandardFd fd)
    {
        // struct winsize { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; }
        ushort* size = stackalloc ushort[4];
        if (Libc.GetTtySize((int)fd, GetWindowSize, size) != 0 || size[0] == 0 || size[1] == 0) return null;
        return new TtySize(size[1], size[0], size[2], size[3]);
    }

    /// <summary>Writes all bytes; one write(2) unless the kernel takes less. Blocks while the reader is slow.</summary>
    /// <exception cref="IOException">The reader is gone (EPIPE, EIO), or the fd is not open.</exception>
    public static void Write(StandardFd fd, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int written = WriteOnce(fd, bytes);
            if (written < 0) WaitWritable(fd, -1);
            else bytes = bytes[written..];
        }
    }

    /// <summary>Writes as long as the reader takes it; gives up when it takes nothing for <paramref name="patience"/>.</summary>
    /// <returns>False when it gave up or the reader is gone.</returns>
    public static bool TryWrite(StandardFd fd, ReadOnlySpan<byte> bytes, TimeSpan patience)
    {
        // A blocking fd takes whatever it is given, so it is asked first, and gets no more than a tty promises to have room for.
        const int PieceBytes = 256;
        long start = Stopwatch.GetTimestamp();
        try
        {
            while (bytes.Length > 0)
            {
                TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !WaitWritable(fd, (int)left.TotalMilliseconds)) return false;
                int written = WriteOnce(fd, bytes[..Math.Min(PieceBytes, bytes.Length)]);
                if (written > 0) bytes = bytes[written..];
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Executes this program anew, with /dev/null as the fds that are given. Their files are the old program's, which ends here.</summary>
    private static unsafe void StartAgain(List<int> fds)
    {
        int nothing = Libc.OpenTty("/dev/null", ReadWrite | Libc.O_CLOEXEC);
        using var argv = new NativeStrings(Environment.GetCommandLineArgs());
        using var environment = NativeStrings.OfEnvironment(OwnEnvironment.Read());
        byte* self = NativeStrings.Copy("/proc/self/exe");
        // Last of all: from here on the runtime reads its random bytes out of /dev/null, and would wait for them for ever.
        foreach (int fd in fds) _ = Libc.Duplicate(nothing, fd);
        OsException.Check(Libc.Execve(self, argv.Start, environment.Start), "start again with the standard fds open");
    }

    /// <summary>One write(2). Negative: the fd is non-blocking and full.</summary>
    private static unsafe int WriteOnce(StandardFd fd, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            nint written;
            fixed (byte* start = bytes) written = Libc.WriteTty((int)fd, start, (nuint)bytes.Length);
            if (written >= 0) return (int)written;
            int error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock) return -1;
            if (error != Interrupted) throw new IOException($"write to fd {(int)fd}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    private static unsafe bool WaitWritable(StandardFd fd, int timeoutMilliseconds)
    {
        var poll = new TtyPollFd { Fd = (int)fd, Events = Writable };
        while (true)
        {
            int ready = Libc.PollTty(&poll, 1, timeoutMilliseconds);
            if (ready >= 0) return ready > 0;
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw new IOException($"poll of fd {(int)fd}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }
}
