using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sessiond.Pty;

/// <summary>struct sockaddr_un, sockaddr_in and sockaddr_in6 as bytes (unix(7), ip(7), ipv6(7)).</summary>
internal static class SocketAddressBytes
{
    /// <summary>sun_path of unix(7), the closing NUL included.</summary>
    internal const int MaxUnixPathBytes = 108;

    internal static byte[] ForUnix(string path)
    {
        byte[] text = Encoding.UTF8.GetBytes(path);
        if (text.Length >= MaxUnixPathBytes)
        {
            throw new IOException($"the socket path is longer than {MaxUnixPathBytes - 1} bytes: {path}");
        }

        byte[] address = new byte[2 + text.Length + 1];
        BitConverter.TryWriteBytes(address, (ushort)Libc.AF_UNIX);
        text.CopyTo(address, 2);
        return address;
    }

    internal static byte[] ForTcp(IPEndPoint endpoint)
    {
        bool v6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] address = new byte[v6 ? 28 : 16];
        BitConverter.TryWriteBytes(address, (ushort)(v6 ? Libc.AF_INET6 : Libc.AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)endpoint.Port);
        endpoint.Address.TryWriteBytes(address.AsSpan(v6 ? 8 : 4), out _);
        return address;
    }
}
