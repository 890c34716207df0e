using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Sessiond.Pty;

namespace Sessiond.Daemon.Transport;

/// <summary>
/// Ends TLS in front of the transport: everything behind it sees a plain socket, one end of a pair, so that an upgraded connection can be taken over like any
/// other. TLS clients pay one copy more; the others pay nothing.
/// </summary>
internal static class TlsBridge
{
    /// <summary>How long a client may take for its handshake.</summary>
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Bytes copied at once, a TLS record's worth (RFC 8446 section 5.1): what is held here waits for a slow client as well.</summary>
    private const int CopySize = 16 * 1024;

    /// <summary>Begins to bridge; returns the plain end.</summary>
    internal static StreamSocket Start(StreamSocket accepted, X509Certificate2 certificate)
    {
        (StreamSocket plain, Socket inner) = StreamSocket.Pair();
        // What paces an attachment is the pair behind this; here the kernel would keep megabytes for a slow client.
        accepted.LimitUnsent(CopySize);
        Socket outer = accepted.IntoSocket();
        _ = Task.Run(() => BridgeAsync(outer, inner, certificate));
        return plain;
    }

    private static async Task BridgeAsync(Socket outer, Socket inner, X509Certificate2 certificate)
    {
        using (outer)
        using (inner)
        {
            try
            {
                await using var tls = new SslStream(new NetworkStream(outer, ownsSocket: false));
                await using var plain = new NetworkStream(inner, ownsSocket: false);
                using var limit = new CancellationTokenSource(HandshakeLimit);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, limit.Token);
                // Whichever direction ends first ends both: a WebSocket and an HTTP/1.1 exchange need the two.
                await Task.WhenAny(tls.CopyToAsync(plain, CopySize), CopyAsync(plain, tls));
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException or SocketException)
            {
                // A client that cannot speak TLS with us, or that went away.
            }
        }
    }

    private static async Task CopyAsync(Stream from, SslStream to)
    {
        await from.CopyToAsync(to, CopySize);
        await to.ShutdownAsync();
    }
}
