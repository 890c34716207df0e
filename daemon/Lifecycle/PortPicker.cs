using System.Net;
using System.Net.Sockets;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Picks ports for web servers that were given none; a session keeps its port.</summary>
internal sealed class PortPicker
{
    private readonly Lock _gate = new(); // guards _ports
    private readonly Dictionary<string, int> _ports = [];

    /// <summary>The port of a session: one that was free when it was picked.</summary>
    internal int PortOf(string session)
    {
        lock (_gate)
        {
            if (_ports.TryGetValue(session, out int known)) return known;
            int port;
            do
            {
                using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                port = ((IPEndPoint)listener.LocalEndPoint!).Port;
            }
            while (_ports.ContainsValue(port));
            _ports[session] = port;
            return port;
        }
    }

    /// <summary>A session of a daemon before us has a port, on which its server may be listening.</summary>
    internal void Keep(string session, int port)
    {
        lock (_gate) _ports.TryAdd(session, port);
    }

    /// <summary>A session keeps its port under another name.</summary>
    internal void Rename(string before, string name)
    {
        lock (_gate)
        {
            if (_ports.Remove(before, out int port)) _ports[name] = port;
        }
    }

    /// <summary>A session is gone, and its port with it.</summary>
    internal void Forget(string session)
    {
        lock (_gate) _ports.Remove(session);
    }
}
