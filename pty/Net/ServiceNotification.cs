using System.Text;

namespace Sessiond.Pty;

/// <summary>Tells the service manager that started us, sd_notify(3): one datagram to the socket that NOTIFY_SOCKET names.</summary>
public sealed unsafe class ServiceNotification
{
    private readonly byte[] _address;

    private ServiceNotification(byte[] address) => _address = address;

    /// <summary>The service manager's socket; null when there is none.</summary>
    /// <param name="path">Value of NOTIFY_SOCKET: a path, or <c>@name</c> in the abstract namespace.</param>
    public static ServiceNotification? To(string? path)
    {
        if (string.IsNullOrEmpty(path) || path[0] is not ('/' or '@') || Encoding.UTF8.GetByteCount(path) >= SocketAddressBytes.MaxUnixPathBytes) return null;
        byte[] address = SocketAddressBytes.ForUnix(path);
        if (path[0] != '@') return new ServiceNotification(address);
        address[2] = 0;
        return new ServiceNotification(address[..^1]);
    }

    /// <summary>Sends assignments such as <c>READY=1</c>, one a line. A manager that does not listen is nobody's problem here.</summary>
    public void Send(string text)
    {
        int fd = Libc.Socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        if (fd < 0) return;
        using var socket = new SafeFd(fd);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes, address = _address) _ = Libc.SendTo(fd, start, bytes.Length, Libc.MSG_NOSIGNAL, address, _address.Length);
    }
}
