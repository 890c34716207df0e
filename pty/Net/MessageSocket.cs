using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>
/// One end of a private socket pair that keeps message boundaries and carries descriptors, SOCK_SEQPACKET of unix(7) with SCM_RIGHTS. Non-blocking.
/// </summary>
/// <remarks>One reader and one writer at a time.</remarks>
public sealed unsafe class MessageSocket : IDisposable
{
    /// <summary>Descriptors of one message: SCM_MAX_FD of the kernel.</summary>
    public const int MaxFds = 253;

    /// <summary>Bytes of one message: half of the kernel's default send buffer (net.core.wmem_default), so that one always fits.</summary>
    public const int MaxLength = 100 * 1024;

    /// <summary>sizeof(struct cmsghdr), cmsg(3), on 64-bit.</summary>
    private const int ControlHeader = 16;

    private const int ControlRoom = ControlHeader + (MaxFds + 1) * sizeof(int);

    /// <summary>Takes an end over.</summary>
    public MessageSocket(SafeFd fd) => Fd = fd;

    /// <summary>The descriptor, for epoll.</summary>
    public SafeFd Fd { get; }

    /// <summary>True when a descriptor is one end of such a pair.</summary>
    public static bool IsOne(SafeFd fd)
    {
        int type;
        int length = sizeof(int);
        return Libc.GetSockOpt(fd.Value, Libc.SOL_SOCKET, Libc.SO_TYPE, &type, &length) == 0 && type == Libc.SOCK_SEQPACKET;
    }

    /// <summary>A connected pair, socketpair(2).</summary>
    /// <exception cref="OsException">No descriptor is to be had.</exception>
    public static (MessageSocket Ours, MessageSocket Theirs) Pair()
    {
        int* fds = stackalloc int[2];
        const int type = Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK;
        OsException.Check(Libc.SocketPair(Libc.AF_UNIX, type, 0, fds), "socketpair");
        return (new MessageSocket(new SafeFd(fds[0])), new MessageSocket(new SafeFd(fds[1])));
    }

    /// <summary>Sends one message, whole or not at all.</summary>
    /// <returns>Bytes sent, <see cref="IoResult.WouldBlock"/>, or <see cref="IoResult.End"/> when the peer is gone.</returns>
    public int Send(ReadOnlySpan<byte> bytes, IReadOnlyList<SafeFd> fds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fds.Count, MaxFds);
        byte* control = stackalloc byte[ControlRoom];
        int controlLength = ControlHeader + fds.Count * sizeof(int);
        *(nint*)control = controlLength;
        ((int*)control)[2] = Libc.SOL_SOCKET;
        ((int*)control)[3] = Libc.SCM_RIGHTS;
        for (int i = 0; i < fds.Count; i++) ((int*)(control + ControlHeader))[i] = fds[i].Value;
        fixed (byte* start = bytes)
        {
            var vector = new Libc.IoVector { Start = start, Length = bytes.Length };
            var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (fds.Count > 0)
            {
                message.Control = control;
                message.ControlLength = controlLength;
            }

            while (true)
            {
                nint count = Libc.SendMessage(Fd.Value, &message, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
                if (count >= 0) return (int)count;
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR) continue;
                // ETOOMANYREFS: as many descriptors as RLIMIT_NOFILE are under way; the peer takes them as it reads.
                return errno is Errno.EAGAIN or Errno.ETOOMANYREFS or Errno.ENOBUFS ? IoResult.WouldBlock : IoResult.End;
            }
        }
    }

    /// <summary>Receives one message; its descriptors are CLOEXEC and the caller's.</summary>
    /// <returns>Bytes, <see cref="IoResult.WouldBlock"/>, or <see cref="IoResult.End"/> when the peer is gone.</returns>
    /// <exception cref="OsException">The message was cut: more bytes or descriptors than there is room for.</exception>
    public int Receive(Span<byte> buffer, List<SafeFd> fds)
    {
        byte* control = stackalloc byte[ControlRoom];
        fixed (byte* start = buffer)
        {
            var vector = new Libc.IoVector { Start = start, Length = buffer.Length };
            while (true)
            {
                var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlRoom };
                nint count = Libc.ReceiveMessage(Fd.Value, &message, Libc.MSG_CMSG_CLOEXEC | Libc.MSG_DONTWAIT);
                if (count < 0)
                {
                    int errno = Marshal.GetLastPInvokeError();
                    if (errno == Errno.EINTR) continue;
                    return errno == Errno.EAGAIN ? IoResult.WouldBlock : IoResult.End;
                }

                if (message.ControlLength >= ControlHeader) TakeFds(control, fds);
                if (((int)message.Flags & (Libc.MSG_TRUNC | Libc.MSG_CTRUNC)) == 0) return (int)count;
                foreach (SafeFd fd in fds) fd.Dispose();
                throw new OsException("recvmsg: a message was cut", Errno.EMFILE);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();

    private static void TakeFds(byte* control, List<SafeFd> fds)
    {
        if (((int*)control)[3] != Libc.SCM_RIGHTS) return;
        int count = (int)(*(nint*)control - ControlHeader) / sizeof(int);
        for (int i = 0; i < count; i++) fds.Add(new SafeFd(((int*)(control + ControlHeader))[i]));
    }
}
