namespace Sessiond.Pty;

/// <summary>A connected non-blocking stream socket.</summary>
/// <remarks>One reader and one writer at a time.</remarks>
public sealed unsafe class StreamSocket : IDisposable
{
    // linux/sockios.h
    private const uint SIOCOUTQ = 0x5411;

    // struct tcp_info of linux/tcp.h up to tcpi_min_rtt, the same on every architecture: 8 bytes, 24 of 32 bit, 4 of 64 bit, 2 of 32 bit, then it.
    private const int MinRttOffset = 148;
    private const int TcpInfoSize = 256;

    internal StreamSocket(SafeFd fd, PeerCredentials? peer)
    {
        Fd = fd;
        Peer = peer;
    }

    /// <summary>The descriptor, for epoll.</summary>
    public SafeFd Fd { get; }

    /// <summary>The peer of a Unix socket; null for TCP.</summary>
    public PeerCredentials? Peer { get; }

    /// <summary>A connected pair of Unix stream sockets, socketpair(2): the first non-blocking, the second for .NET's own sockets.</summary>
    /// <exception cref="OsException">No descriptor is to be had.</exception>
    public static (StreamSocket Ours, System.Net.Sockets.Socket Theirs) Pair()
    {
        int* fds = stackalloc int[2];
        OsException.Check(Libc.SocketPair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0, fds), "socketpair");
        return (new StreamSocket(new SafeFd(fds[0]), null), ToSocket(fds[1]));
    }

    /// <summary>Hands the descriptor over to a socket of .NET; this object has none afterwards.</summary>
    public System.Net.Sockets.Socket IntoSocket()
    {
        int copy = OsException.Check(Libc.DupCloseOnExec(Fd.Value), "dup of a socket");
        Dispose();
        return ToSocket(copy);
    }

    private static System.Net.Sockets.Socket ToSocket(int fd) =>
        new(new System.Net.Sockets.SafeSocketHandle(fd, ownsHandle: true));

    /// <summary>Reads.</summary>
    /// <returns>Bytes read, <see cref="IoResult.WouldBlock"/>, or <see cref="IoResult.End"/> when the peer is gone.</returns>
    public int Read(Span<byte> buffer) => NonBlocking.Read(Fd, buffer);

    /// <summary>Writes.</summary>
    /// <returns>Bytes taken, <see cref="IoResult.WouldBlock"/>, or <see cref="IoResult.End"/> when the peer is gone.</returns>
    public int Write(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? IoResult.WouldBlock : NonBlocking.Write(Fd, bytes);

    /// <summary>Writes two pieces in one call, writev(2).</summary>
    /// <returns>Bytes taken of both, <see cref="IoResult.WouldBlock"/>, or <see cref="IoResult.End"/> when the peer is gone.</returns>
    public int Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) =>
        body.IsEmpty ? Write(head) : NonBlocking.Write(Fd, head, body);

    /// <summary>Ends both directions, shutdown(2); the descriptor stays until it is disposed.</summary>
    public void Shutdown()
    {
        if (!Fd.IsClosed) _ = Libc.Shutdown(Fd.Value, Libc.SHUT_RDWR);
    }

    /// <summary>Bounds what the kernel keeps for a peer that does not read, SO_SNDBUF of socket(7).</summary>
    /// <param name="bytes">Bytes; the kernel doubles it for its own bookkeeping.</param>
    public void SetSendBuffer(int bytes) => _ = Libc.SetSockOpt(Fd.Value, Libc.SOL_SOCKET, Libc.SO_SNDBUF, &bytes, sizeof(int));

    /// <summary>Bounds what TCP takes beyond what the peer and the network have room for, TCP_NOTSENT_LOWAT of tcp(7).</summary>
    public void LimitUnsent(int bytes) => _ = Libc.SetSockOpt(Fd.Value, Libc.IPPROTO_TCP, Libc.TCP_NOTSENT_LOWAT, &bytes, sizeof(int));

    /// <summary>Bytes that the peer has not taken yet, SIOCOUTQ: of TCP what is not acknowledged, of a Unix socket what is not read, with the kernel's bookkeeping.</summary>
    public int Unsent
    {
        get
        {
            int count = 0;
            return !Fd.IsClosed && Libc.Ioctl(Fd.Value, SIOCOUTQ, &count) == 0 ? count : 0;
        }
    }

    /// <summary>The shortest time to the peer and back lately, tcpi_min_rtt of tcp(7); zero for a Unix socket, which has none.</summary>
    public TimeSpan RoundTrip
    {
        get
        {
            if (Peer is not null || Fd.IsClosed) return TimeSpan.Zero;
            byte* info = stackalloc byte[TcpInfoSize];
            int length = TcpInfoSize;
            bool isThere = Libc.GetSockOpt(Fd.Value, Libc.IPPROTO_TCP, Libc.TCP_INFO, info, &length) == 0 && length >= MinRttOffset + sizeof(uint);
            // Before the first sample it is all ones.
            return isThere && *(uint*)(info + MinRttOffset) is var microseconds and not uint.MaxValue ? TimeSpan.FromMicroseconds(microseconds) : TimeSpan.Zero;
        }
    }

    /// <summary>Lets the coming close drop what was not sent yet and reset the connection, SO_LINGER of socket(7).</summary>
    public void ResetOnClose()
    {
        // struct linger: l_onoff, l_linger
        int* linger = stackalloc int[2] { 1, 0 };
        if (!Fd.IsClosed) _ = Libc.SetSockOpt(Fd.Value, Libc.SOL_SOCKET, Libc.SO_LINGER, linger, 2 * sizeof(int));
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();
}
