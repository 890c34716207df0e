using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Waits for one descriptor without a loop, poll(2).</summary>
internal static unsafe class Waiting
{
    private const short POLLIN = 1; // bits/poll.h

    /// <summary>True as soon as it is readable or at its end; false when it is not within the limit.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="limit">How long; <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    internal static bool Readable(SafeFd fd, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            int left = limit == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Max(0, (limit - Stopwatch.GetElapsedTime(start)).TotalMilliseconds);
            var wanted = new TtyPollFd { Fd = fd.Value, Events = POLLIN };
            int count = Libc.PollTty(&wanted, 1, left);
            if (count >= 0) return count > 0;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR) throw new OsException("poll", errno);
        }
    }
}
