using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>A non-blocking listening socket, Unix or TCP.</summary>
public sealed unsafe class ListeningSocket : IDisposable
{
    /// <summary>Connections that wait to be accepted; the kernel's own cap is net.core.somaxconn.</summary>
    private const int Backlog = 512;

    private readonly bool _isUnix;

    private ListeningSocket(SafeFd fd, bool isUnix)
    {
        Fd = fd;
        _isUnix = isUnix;
    }

    /// <summary>The descriptor, for epoll.</summary>
    public SafeFd Fd { get; }

    /// <summary>Takes over a socket that another process bound.</summary>
    public static ListeningSocket Adopt(SafeFd fd, bool isUnix) => new(fd, isUnix);

    /// <summary>Listens on a path. A file whose daemon is dead is replaced.</summary>
    /// <param name="path">At most 107 bytes.</param>
    /// <param name="mode">Permissions of the socket, set by the umask before bind so that there is no moment with wider ones.</param>
    /// <exception cref="IOException">The path is in use by a living process, or cannot be bound.</exception>
    public static ListeningSocket BindUnix(string path, uint mode)
    {
        byte[] address = SocketAddressBytes.ForUnix(path);
        ListeningSocket listener = NewSocket(Libc.AF_UNIX, isUnix: true);
        try
        {
            if (File.Exists(path))
            {
                if (Answers(address)) throw new IOException($"another daemon listens on {path}");
                File.Delete(path);
            }

            uint before = Libc.Umask(~mode & 0x1FF);
            try
            {
                listener.BindAndListen(address, path);
            }
            finally
            {
                _ = Libc.Umask(before);
            }

            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Listens on a TCP address.</summary>
    /// <exception cref="OsException">The address cannot be bound.</exception>
    public static ListeningSocket BindTcp(IPEndPoint endpoint)
    {
        bool v6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        ListeningSocket listener = NewSocket(v6 ? Libc.AF_INET6 : Libc.AF_INET, isUnix: false);
        try
        {
            int one = 1;
            _ = Libc.SetSockOpt(listener.Fd.Value, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, &one, sizeof(int));
            if (v6) _ = Libc.SetSockOpt(listener.Fd.Value, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, &one, sizeof(int));
            listener.BindAndListen(SocketAddressBytes.ForTcp(endpoint), endpoint.ToString());
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>The port of a TCP listener, also where the kernel chose it.</summary>
    public int Port()
    {
        byte* address = stackalloc byte[28];
        int length = 28;
        OsException.Check(Libc.GetSockName(Fd.Value, address, &length), "getsockname");
        return BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(address + 2, 2));
    }

    /// <summary>Accepts one connection; null when none waits.</summary>
    public StreamSocket? Accept()
    {
        while (true)
        {
            int fd = Libc.Accept4(Fd.Value, null, null, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
            if (fd >= 0) return Accepted(new SafeFd(fd));
            int errno = Marshal.GetLastPInvokeError();
            // A connection that was reset while it waited is not ours to report, accept(2).
            if (errno is not (Errno.EINTR or 103)) return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();

    private static ListeningSocket NewSocket(int family, bool isUnix)
    {
        int fd = Libc.Socket(family, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        return new ListeningSocket(new SafeFd(OsException.Check(fd, "socket")), isUnix);
    }

    private static bool Answers(byte[] address)
    {
        int fd = Libc.Socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        using var probe = new SafeFd(OsException.Check(fd, "socket"));
        fixed (byte* start = address)
        {
            // A full backlog (EAGAIN) is a living daemon too.
            return Libc.Connect(fd, start, address.Length) == 0 || Marshal.GetLastPInvokeError() == Errno.EAGAIN;
        }
    }

    private void BindAndListen(byte[] address, string name)
    {
        fixed (byte* start = address) OsException.Check(Libc.Bind(Fd.Value, start, address.Length), $"bind {name}");
        OsException.Check(Libc.Listen(Fd.Value, Backlog), $"listen on {name}");
    }

    private StreamSocket Accepted(SafeFd fd)
    {
        if (_isUnix)
        {
            // struct ucred, unix(7): pid, uid, gid
            int* credentials = stackalloc int[3];
            int length = 3 * sizeof(int);
            int result = Libc.GetSockOpt(fd.Value, Libc.SOL_SOCKET, Libc.SO_PEERCRED, credentials, &length);
            if (result != 0) return new StreamSocket(fd, new PeerCredentials(0, uint.MaxValue, uint.MaxValue));
            return new StreamSocket(fd, new PeerCredentials(credentials[0], (uint)credentials[1], (uint)credentials[2]));
        }

        int one = 1;
        _ = Libc.SetSockOpt(fd.Value, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, &one, sizeof(int));
        return new StreamSocket(fd, null);
    }
}
