using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Sessiond.Pty;

namespace Sessiond.Daemon.Transport;

/// <summary>Accepts on the loop, admits, and hands connections to Kestrel.</summary>
internal sealed class LoopListener : IConnectionListener, IEpollHandler
{
    /// <summary>Connections accepted in one turn, so that a storm of them does not hold up the loop.</summary>
    private const int AcceptsPerTurn = 16;

    private readonly LoopEndPoint _endpoint;
    private readonly EpollLoop _loop;
    private readonly ConnectionLimit _limit;
    private readonly Func<PeerCredentials, bool> _admits;
    private readonly Channel<LoopConnection> _accepted = Channel.CreateUnbounded<LoopConnection>();
    private EpollToken _token;
    private long _nextId;

    internal LoopListener(LoopEndPoint endpoint, EpollLoop loop, ConnectionLimit limit, Func<PeerCredentials, bool> admits)
    {
        _endpoint = endpoint;
        _loop = loop;
        _limit = limit;
        _admits = admits;
    }

    /// <inheritdoc/>
    public EndPoint EndPoint => _endpoint;

    internal Task StartAsync() => _loop.InvokeAsync(Continue);

    /// <summary>Lets connections wait in the kernel. Loop's thread.</summary>
    internal void Pause() => _loop.Unregister(_token);

    /// <summary>Accepts. Loop's thread.</summary>
    internal void Continue() => _token = _loop.Register(_endpoint.Socket.Fd, EpollEvents.Readable, this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _accepted.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        for (int i = 0; i < AcceptsPerTurn; i++)
        {
            if (_endpoint.Socket.Accept() is not { } socket) return;
            bool isStranger = socket.Peer is { } peer && !_admits(peer);
            // Without its certificate it never speaks in clear.
            bool isShut = _endpoint.Tls is { Current: null };
            if (isStranger || isShut || !_limit.TryEnter())
            {
                socket.Dispose();
                continue;
            }

            if (_endpoint.Tls?.Current is { } certificate) socket = TlsBridge.Start(socket, certificate);
            var connection = new LoopConnection($"{_endpoint.Address}#{++_nextId}", socket, _endpoint, _loop, _limit);
            connection.Start();
            _accepted.Writer.TryWrite(connection);
        }
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _loop.InvokeAsync(() => _loop.Unregister(_token));
        _accepted.Writer.TryComplete();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _endpoint.Socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
