using System.Net;
using Sessiond.Daemon.Startup;
using Sessiond.Pty;

namespace Sessiond.Daemon.Transport;

/// <summary>A listening socket that is already bound, as Kestrel's "address".</summary>
internal sealed class LoopEndPoint : EndPoint
{
    internal LoopEndPoint(ListeningSocket socket, string address, bool isUnix, ServerCertificate? tls = null)
    {
        Tls = tls;
        Socket = socket;
        Address = address;
        IsUnix = isUnix;
    }

    internal ListeningSocket Socket { get; }

    /// <summary>For people: a path or HOST:PORT.</summary>
    internal string Address { get; }

    internal bool IsUnix { get; }

    /// <summary>Set for a listener that speaks TLS.</summary>
    internal ServerCertificate? Tls { get; }

    /// <inheritdoc/>
    public override string ToString() => Address;
}
