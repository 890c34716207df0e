using System.Net;
using Sessiond.Daemon.Transport;

namespace Sessiond.Daemon.Access;

/// <summary>
/// Which web pages may talk to us. A browser adds <c>Origin</c> by itself, and with a cookie or a loopback address it would speak for its user on behalf of any
/// page; so what is neither listed exactly nor our own page is refused, on every route.
/// </summary>
internal sealed class OriginPolicy
{
    private readonly HashSet<string> _allowed;

    internal OriginPolicy(IEnumerable<string> listed, IEnumerable<LoopEndPoint> listeners, string scheme)
    {
        _allowed = [.. listed];
        foreach (LoopEndPoint listener in listeners)
        {
            if (listener.IsUnix) continue;
            int port = listener.Socket.Port();
            IPAddress address = IPEndPoint.Parse(listener.Address).Address;
            string literal = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
            foreach (string host in new[] { "127.0.0.1", "localhost", "[::1]", literal }) _allowed.Add($"{scheme}://{host}:{port}");
        }
    }

    /// <summary>True for a request without the header, or with an origin of ours.</summary>
    internal bool Allows(string? origin) => string.IsNullOrEmpty(origin) || _allowed.Contains(origin);
}
