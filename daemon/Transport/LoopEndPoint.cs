using System.Net;
using System.Security.Cryptography.X509Certificates;
using Sessiond.Pty;

namespace Sessiond.Daemon.Transport;

/// <summary>A listening socket that is already bound, as Kestrel's "address".</summary>
internal sealed class LoopEndPoint : EndPoint
{
    internal LoopEndPoint(ListeningSocket socket, string address, bool isUnix, X509Certificate2? certificate = null)
    {
        Certificate = certificate;
        Socket = socket;
        Address = address;
        IsUnix = isUnix;
    }

    internal ListeningSocket Socket { get; }

    /// <summary>For people: a path or HOST:PORT.</summary>
    internal string Address { get; }

    internal bool IsUnix { get; }

    /// <summary>Set for a listener that speaks TLS.</summary>
    internal X509Certificate2? Certificate { get; }

    /// <inheritdoc/>
    public override string ToString() => Address;
}
