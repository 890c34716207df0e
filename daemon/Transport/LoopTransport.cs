using System.Net;
using Microsoft.AspNetCore.Connections;
using Sessiond.Pty;

namespace Sessiond.Daemon.Transport;

/// <summary>
/// Kestrel's transport on our own epoll loop, instead of the runtime's sockets: a peer is admitted before a byte is read, and an upgraded connection can be
/// taken away from Kestrel as a bare socket, so that a terminal's bytes go through no pipe and no thread pool.
/// </summary>
internal sealed class LoopTransport : IConnectionListenerFactory
{
    private readonly EpollLoop _loop;
    private readonly ConnectionLimit _limit;
    private readonly Func<PeerCredentials, bool> _admits;
    private readonly List<LoopListener> _listeners = []; // grows while binding alone

    internal LoopTransport(EpollLoop loop, ConnectionLimit limit, Func<PeerCredentials, bool> admits)
    {
        _loop = loop;
        _limit = limit;
        _admits = admits;
    }

    /// <summary>Lets connections wait in the kernel.</summary>
    internal Task PauseAsync() => _loop.InvokeAsync(() => _listeners.ForEach(listener => listener.Pause()));

    /// <summary>Accepts again.</summary>
    internal Task ContinueAsync() => _loop.InvokeAsync(() => _listeners.ForEach(listener => listener.Continue()));

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = new LoopListener((LoopEndPoint)endpoint, _loop, _limit, _admits);
        await listener.StartAsync();
        _listeners.Add(listener);
        return listener;
    }
}
