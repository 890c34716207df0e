using System.Net;
using System.Net.Sockets;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>A way over TCP to a port that can be cut like a network: its connections are reset, and new ones are refused until it is mended. Or it goes dead: nothing is carried any more, and neither side is told.</summary>
internal sealed class CutRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Lock _gate = new(); // guards _open and _isCut
    private readonly List<Socket> _open = [];
    private readonly Task _accepting;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _hold;
    private bool _isCut;
    private volatile bool _isDead;

    internal CutRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptLoopAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            ResetAll();
        }
    }

    /// <summary>Connections that are held.</summary>
    internal int Held { get; private set; }

    /// <summary>Takes connections, and carries none of them on until <see cref="LetGo"/>.</summary>
    internal void Hold()
    {
        lock (_gate) _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal void LetGo()
    {
        lock (_gate)
        {
            _hold?.SetResult();
            _hold = null;
        }
    }

    /// <summary>Carries nothing any more, for good, and says nothing.</summary>
    internal void GoDead() => _isDead = true;

    internal void Mend()
    {
        lock (_gate) _isCut = false;
    }

    public async ValueTask DisposeAsync()
    {
        LetGo();
        Cut();
        _over.SetResult();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptLoopAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync();
                _ = RelayAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var daemon = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        Task? hold;
        lock (_gate)
        {
            _open.AddRange([client, daemon]);
            hold = _hold?.Task;
            if (hold is not null) Held++;
            if (_isCut)
            {
                ResetAll();
                return;
            }
        }

        if (hold is not null) await hold;
        try
        {
            await daemon.ConnectAsync(IPAddress.Loopback, _target);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut meanwhile, or the daemon is away.
            client.Dispose();
            daemon.Dispose();
            return;
        }

        await Task.WhenAll(CopyAsync(client, daemon), CopyAsync(daemon, client));
    }

    private void ResetAll()
    {
        foreach (Socket socket in _open) Reset(socket);
        _open.Clear();
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                if (_isDead) await _over.Task;
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut, or closed by the other direction.
        }

        to.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It ended by itself.
        }

        socket.Dispose();
    }
}
