using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Raw mode of the user's terminal, and the way back. Any thread; undoing twice does nothing.</summary>
public sealed class RawMode : IDisposable
{
    // struct termios has 60 bytes in glibc and musl on x86-64 and arm64; it stays opaque, with room to spare.
    private const int TermiosBytes = 256;

    // TCSANOW: waiting for the output to drain would hang on a terminal that does not read.
    private const int Now = 0;

    private readonly StandardFd _fd;
    private readonly byte[] _original;
    private int _active;

    private RawMode(StandardFd fd, byte[] original)
    {
        _fd = fd;
        _original = original;
    }

    /// <summary>Puts the terminal into raw mode: no echo, no line editing, no signals from keys, no output processing.</summary>
    /// <returns>Null when <paramref name="fd"/> is not a terminal.</returns>
    /// <exception cref="IOException">The terminal refused.</exception>
    public static unsafe RawMode? TryEnter(StandardFd fd)
    {
        if (!StandardIo.IsTerminal(fd)) return null;
        var original = new byte[TermiosBytes];
        fixed (byte* termios = original)
        {
            if (Libc.GetTtyAttributes((int)fd, termios) != 0) throw Failed("tcgetattr", fd);
        }

        var mode = new RawMode(fd, original);
        mode.Enter();
        return mode;
    }

    /// <summary>Enters raw mode again after <see cref="Restore"/>, for a program that was stopped and goes on.</summary>
    /// <exception cref="IOException">The terminal refused.</exception>
    public unsafe void Enter()
    {
        if (Interlocked.Exchange(ref _active, 1) != 0) return;
        byte* termios = stackalloc byte[TermiosBytes];
        _original.AsSpan().CopyTo(new Span<byte>(termios, TermiosBytes));
        Libc.MakeRawTty(termios);
        if (Libc.SetTtyAttributes((int)_fd, Now, termios) != 0) throw Failed("tcsetattr", _fd);
    }

    /// <summary>Gives the terminal its former attributes. Errors are ignored: a terminal that is gone needs none.</summary>
    public unsafe void Restore()
    {
        if (Interlocked.Exchange(ref _active, 0) == 0) return;
        fixed (byte* termios = _original) _ = Libc.SetTtyAttributes((int)_fd, Now, termios);
    }

    /// <inheritdoc/>
    public void Dispose() => Restore();

    private static IOException Failed(string call, StandardFd fd)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of fd {(int)fd}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }
}
