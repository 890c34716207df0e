using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>
/// The master side of a pseudo-terminal, pty(7). CLOEXEC and non-blocking from birth; the slave is never opened here.
/// </summary>
/// <remarks>Reads from one thread at a time and writes from one thread at a time.</remarks>
public sealed unsafe class PtyMaster : IDisposable
{
    // asm-generic/ioctls.h
    private const uint TIOCGPTN = 0x80045430;
    private const uint TIOCSPTLCK = 0x40045431;
    private const uint TIOCSWINSZ = 0x5414;
    private const uint TIOCGPGRP = 0x540F;
    private const uint FIONBIO = 0x5421;
    private const uint TCGETS = 0x5401;
    private const uint TCSETS = 0x5402;

    /// <summary>termios c_iflag IUTF8: the line discipline erases whole characters.</summary>
    private const uint IUTF8 = 0x4000;

    /// <summary>termios c_lflag ICANON.</summary>
    private const uint ICANON = 2;

    /// <summary>termios c_lflag ISIG and NOFLSH.</summary>
    private const uint ISIG = 1;
    private const uint NOFLSH = 0x80;

    // asm-generic/ioctls.h, termbits.h, signal.h
    private const uint TCFLSH = 0x540B;
    private const uint FIONREAD = 0x541B;
    private const uint TIOCGPTPEER = 0x5441;
    private const uint TIOCSIG = 0x40045436;
    private const nint TCIFLUSH = 0;
    private const nint TCOFLUSH = 1;
    private const int VINTR = 0;
    private const int VQUIT = 1;
    private const int VSUSP = 10;
    private const int SIGINT = 2;
    private const int SIGQUIT = 3;
    private const int SIGTSTP = 20;

    /// <summary>Where c_cc begins in struct termios of the kernel.</summary>
    private const int ControlKeys = 17;

    /// <summary>struct termios of the kernel: 4 flags words, line discipline, 19 control characters; a generous buffer.</summary>
    private const int TermiosSize = 64;

    private PtyMaster(SafeFd fd, string slavePath)
    {
        Fd = fd;
        SlavePath = slavePath;
    }

    /// <summary>The master's descriptor, for epoll.</summary>
    public SafeFd Fd { get; }

    /// <summary>Path of the slave, <c>/dev/pts/N</c>.</summary>
    public string SlavePath { get; }

    /// <summary>Opens the one that a request asks for, and gives its slave to the request's user; null when it asks for none.</summary>
    /// <exception cref="OsException">No pseudo-terminal is to be had.</exception>
    public static PtyMaster? OpenFor(SpawnRequest request)
    {
        if (request.Columns == 0) return null;
        PtyMaster master = Open(request.Columns, request.Rows);
        if (UserDatabase.IsRoot) FileOwnership.GiveSlave(master.SlavePath, request.User!, request.TerminalGroup);
        return master;
    }

    /// <summary>Opens a new pseudo-terminal with IUTF8 set.</summary>
    /// <param name="columns">Columns, 1..65535.</param>
    /// <param name="rows">Rows, 1..65535.</param>
    /// <exception cref="OsException">No pseudo-terminal is to be had.</exception>
    public static PtyMaster Open(int columns, int rows)
    {
        int fd = Libc.Open("/dev/ptmx", Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
        OsException.Check(fd, "open /dev/ptmx");
        var safe = new SafeFd(fd);
        try
        {
            int unlock = 0;
            OsException.Check(Libc.Ioctl(fd, TIOCSPTLCK, &unlock), "unlock the pty slave");
            uint number;
            OsException.Check(Libc.Ioctl(fd, TIOCGPTN, &number), "number of the pty slave");
            SetUtf8(fd);
            var master = new PtyMaster(safe, $"/dev/pts/{number}");
            master.Resize(columns, rows);
            return master;
        }
        catch
        {
            safe.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a master that another process opened; it is made non-blocking, whatever that one did.</summary>
    public static PtyMaster Adopt(SafeFd fd)
    {
        int one = 1;
        _ = Libc.Ioctl(fd.Value, FIONBIO, &one);
        uint number;
        _ = Libc.Ioctl(fd.Value, TIOCGPTN, &number);
        return new PtyMaster(fd, $"/dev/pts/{number}");
    }

    /// <summary>Reads what the program printed.</summary>
    /// <returns>Bytes read; <see cref="IoResult.End"/> when every slave is closed and all is read (EIO on Linux); <see cref="IoResult.WouldBlock"/>.</returns>
    public int Read(Span<byte> buffer) => NonBlocking.Read(Fd, buffer);

    /// <summary>
    /// True when a read would find something at once. <see cref="Read"/> and poll(2) find more, since they sleep until the kernel's worker has brought what it has (Linux,
    /// tty_buffer_flush_work); this does not.
    /// </summary>
    public bool HasOutput()
    {
        int count = 0;
        return Libc.Ioctl(Fd.Value, FIONREAD, &count) == 0 && count > 0;
    }

    /// <summary>Writes input for the program.</summary>
    /// <returns>Bytes taken; <see cref="IoResult.WouldBlock"/>; <see cref="IoResult.End"/>.</returns>
    public int Write(ReadOnlySpan<byte> bytes) => NonBlocking.Write(Fd, bytes);

    /// <summary>Sets the winsize; the kernel sends SIGWINCH to the foreground process group when it differs.</summary>
    /// <param name="columns">Columns.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="xpixel">Width in pixels, 0 when unknown.</param>
    /// <param name="ypixel">Height in pixels, 0 when unknown.</param>
    public void Resize(int columns, int rows, int xpixel = 0, int ypixel = 0)
    {
        // struct winsize, ioctl_tty(2): row, col, xpixel, ypixel
        ushort* size = stackalloc ushort[4] { (ushort)rows, (ushort)columns, (ushort)xpixel, (ushort)ypixel };
        OsException.Check(Libc.Ioctl(Fd.Value, TIOCSWINSZ, size), "set the winsize");
    }

    /// <summary>The foreground process group of the terminal; 0 when there is none.</summary>
    public int ForegroundProcessGroup()
    {
        int group;
        return Libc.Ioctl(Fd.Value, TIOCGPGRP, &group) == 0 ? group : 0;
    }

    /// <summary>True while the line discipline edits lines (ICANON).</summary>
    public bool IsCanonical()
    {
        byte* termios = stackalloc byte[TermiosSize];
        return Libc.Ioctl(Fd.Value, TCGETS, termios) == 0 && (((uint*)termios)[3] & ICANON) != 0;
    }

    /// <summary>The signal that the line discipline makes of a key, and of which it forgets the input that waits; null for a key that is none.</summary>
    public int? SignalOfKey(byte key)
    {
        byte* termios = stackalloc byte[TermiosSize];
        if (key == 0 || Libc.Ioctl(Fd.Value, TCGETS, termios) != 0) return null;
        uint local = ((uint*)termios)[3];
        if ((local & ISIG) == 0 || (local & NOFLSH) != 0) return null;
        byte* keys = termios + ControlKeys;
        if (key == keys[VINTR]) return SIGINT;
        if (key == keys[VQUIT]) return SIGQUIT;
        return key == keys[VSUSP] ? SIGTSTP : null;
    }

    /// <summary>Drops the input that the kernel keeps for the program, and signals its foreground process group.</summary>
    public void Interrupt(int signal)
    {
        // What is on its way to the line discipline, then what that has: the latter can only be reached through the slave, which is opened without becoming anybody's
        // controlling terminal and closed at once.
        _ = Libc.Ioctl(Fd.Value, TCFLSH, (void*)TCOFLUSH);
        using (SafeFd? slave = OpenSlave())
        {
            if (slave is not null) _ = Libc.Ioctl(slave.Value, TCFLSH, (void*)TCIFLUSH);
        }

        _ = Libc.Ioctl(Fd.Value, TIOCSIG, (void*)signal);
    }

    /// <summary>Bytes of input that the program can read and has not read; of an unfinished line, where lines are edited, none.</summary>
    public int UnreadInput()
    {
        int count = 0;
        using SafeFd? slave = OpenSlave();
        return slave is not null && Libc.Ioctl(slave.Value, FIONREAD, &count) == 0 ? count : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();

    private SafeFd? OpenSlave()
    {
        int slave = Libc.Ioctl(Fd.Value, TIOCGPTPEER, (void*)(nint)(Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC));
        return slave < 0 ? null : new SafeFd(slave);
    }

    private static void SetUtf8(int fd)
    {
        byte* termios = stackalloc byte[TermiosSize];
        NativeMemory.Clear(termios, TermiosSize);
        OsException.Check(Libc.Ioctl(fd, TCGETS, termios), "tcgetattr of the pty");
        ((uint*)termios)[0] |= IUTF8;
        OsException.Check(Libc.Ioctl(fd, TCSETS, termios), "tcsetattr of the pty");
    }
}
