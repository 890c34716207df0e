using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>read(2), write(2) and writev(2) on non-blocking descriptors: EINTR retried, every other failure is the end.</summary>
internal static unsafe class NonBlocking
{
    internal static int Read(SafeFd fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint count = Libc.Read(fd.Value, start, buffer.Length);
                if (count >= 0) return (int)count;
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR) continue;
                return errno == Errno.EAGAIN ? IoResult.WouldBlock : IoResult.End;
            }
        }
    }

    internal static int Write(SafeFd fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                nint count = Libc.Write(fd.Value, start, bytes.Length);
                if (count >= 0) return (int)count;
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR) continue;
                return errno == Errno.EAGAIN ? IoResult.WouldBlock : IoResult.End;
            }
        }
    }

    internal static int Write(SafeFd fd, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        fixed (byte* headStart = head, bodyStart = body)
        {
            Libc.IoVector* vectors = stackalloc Libc.IoVector[2];
            vectors[0] = new Libc.IoVector { Start = headStart, Length = head.Length };
            vectors[1] = new Libc.IoVector { Start = bodyStart, Length = body.Length };
            while (true)
            {
                nint count = Libc.WriteVector(fd.Value, vectors, 2);
                if (count >= 0) return (int)count;
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR) continue;
                return errno == Errno.EAGAIN ? IoResult.WouldBlock : IoResult.End;
            }
        }
    }
}
