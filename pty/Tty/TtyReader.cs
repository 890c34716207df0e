using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Reads a standard fd with a time limit and a way to be woken. One thread reads; any thread wakes.</summary>
public sealed class TtyReader : IDisposable
{
    // asm-generic/errno-base.h, bits/poll.h, bits/eventfd.h: equal on x86-64 and arm64.
    private const int Interrupted = 4;
    private const int IoError = 5;
    private const int WouldBlock = 11;
    private const short Readable = 1;
    private const int CloseOnExecNonBlocking = 0x80000 | 0x800;

    private readonly StandardFd _fd;
    private readonly int _wake;
    private int _disposed;

    /// <summary>Prepares to read <paramref name="fd"/>.</summary>
    /// <exception cref="IOException">No fd is left.</exception>
    public TtyReader(StandardFd fd)
    {
        _fd = fd;
        _wake = Libc.EventFdTty(0, CloseOnExecNonBlocking);
        if (_wake < 0) throw new IOException($"eventfd: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Waits for input and reads what is there. Blocks.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="timeoutMilliseconds">Time limit; -1 for none.</param>
    /// <param name="count">How many bytes were read; 0 unless the answer is <see cref="TtyInput.Data"/>.</param>
    /// <exception cref="IOException">The read failed.</exception>
    public unsafe TtyInput Read(Span<byte> buffer, int timeoutMilliseconds, out int count)
    {
        count = 0;
        TtyPollFd* fds = stackalloc TtyPollFd[2];
        while (true)
        {
            fds[0] = new TtyPollFd { Fd = (int)_fd, Events = Readable };
            fds[1] = new TtyPollFd { Fd = _wake, Events = Readable };
            int ready = Libc.PollTty(fds, 2, timeoutMilliseconds);
            if (ready == 0) return TtyInput.TimedOut;
            if (ready < 0)
            {
                if (Marshal.GetLastPInvokeError() == Interrupted) continue;
                throw new IOException($"poll of fd {(int)_fd}: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            if (fds[1].Returned != 0) return TtyInput.Woken;
            nint read;
            fixed (byte* start = buffer) read = Libc.ReadTty((int)_fd, start, (nuint)buffer.Length);
            if (read > 0)
            {
                count = (int)read;
                return TtyInput.Data;
            }

            if (read == 0) return TtyInput.End;
            int error = Marshal.GetLastPInvokeError();
            if (error is Interrupted or WouldBlock) continue;
            if (error == IoError) return TtyInput.End;
            throw new IOException($"read of fd {(int)_fd}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    /// <summary>Makes the present or the next <see cref="Read"/> return <see cref="TtyInput.Woken"/>.</summary>
    public unsafe void Wake()
    {
        ulong one = 1;
        _ = Libc.WriteTty(_wake, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Closes the wake fd. The reading thread must have ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _ = Libc.CloseTty(_wake);
    }
}
