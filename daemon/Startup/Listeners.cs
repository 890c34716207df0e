using System.Net;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Transport;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Startup;

/// <summary>Binds the Unix socket and the TCP addresses.</summary>
internal static class Listeners
{
    private const uint OwnerOnly = 0x180; // 0600
    private const uint Everyone = 0x1B6; // 0666: SO_PEERCRED decides

    /// <summary>Binds everything that is asked for.</summary>
    /// <exception cref="IOException">An address cannot be had, or must not be.</exception>
    internal static List<LoopEndPoint> Bind(string socketPath, Admission admission, IEnumerable<ListenAddress> addresses, DaemonSpec spec)
    {
        var bound = new List<LoopEndPoint>
        {
            new(ListeningSocket.BindUnix(socketPath, admission.AdmitsOthers ? Everyone : OwnerOnly), socketPath, isUnix: true),
        };
        ServerCertificate? certificate = CertificateOf(spec.Tls);
        if (certificate?.Problem is { } problem) throw new IOException(problem);
        foreach (ListenAddress address in addresses)
        {
            if (!address.IsLoopback && certificate is null && !spec.Insecure)
            {
                throw new IOException($"{address} is not a loopback address: set [daemon].tls, or insecure = true behind an ingress that has it");
            }

            var endpoint = new IPEndPoint(AddressOf(address), address.Port);
            ListeningSocket socket = ListeningSocket.BindTcp(endpoint);
            bound.Add(new LoopEndPoint(socket, new IPEndPoint(endpoint.Address, socket.Port()).ToString(), isUnix: false, certificate));
        }

        return bound;
    }

    /// <summary>Takes over what a daemon before us bound. Whatever is the matter with certificates meanwhile, people get in by the Unix socket.</summary>
    /// <param name="addresses">As they were told; the first is the Unix socket's path.</param>
    /// <param name="fds">The listening sockets.</param>
    /// <param name="spec">Says whether TCP speaks TLS.</param>
    internal static List<LoopEndPoint> Adopt(IReadOnlyList<string> addresses, IReadOnlyList<SafeFd> fds, DaemonSpec spec)
    {
        ServerCertificate? certificate = CertificateOf(spec.Tls);
        // What others can reach was bound with TLS, unless the spec says otherwise; one that can be read no more does not open it.
        ServerCertificate? ofOthers = certificate ?? (spec.Insecure ? null : CertificateOf(new TlsSpec()));
        return [.. addresses.Select((address, i) => new LoopEndPoint(ListeningSocket.Adopt(fds[i], i == 0), address, i == 0, i == 0 ? null : IsLoopback(address) ? certificate : ofOthers))];
    }

    /// <summary>The addresses of the command line.</summary>
    /// <exception cref="IOException">One is not HOST:PORT.</exception>
    internal static IEnumerable<ListenAddress> Parse(IEnumerable<string> texts) => texts.Select(text =>
        ListenAddress.TryParse(text, out ListenAddress? address) ? address : throw new IOException($"--listen {text}: write HOST:PORT"));

    private static ServerCertificate? CertificateOf(TlsSpec? tls)
    {
        if (tls is null) return null;
        var certificate = new ServerCertificate(tls);
        certificate.Load();
        return certificate;
    }

    private static bool IsLoopback(string address) => IPEndPoint.TryParse(address, out IPEndPoint? endpoint) && IPAddress.IsLoopback(endpoint.Address);

    private static IPAddress AddressOf(ListenAddress address)
    {
        if (address.Host == "localhost") return IPAddress.Loopback;
        if (address.Host.Length == 0 || address.Host == "*") return IPAddress.Any;
        return IPAddress.TryParse(address.Host, out IPAddress? parsed)
            ? parsed
            : throw new IOException($"listen {address}: write an IP address or localhost");
    }
}
