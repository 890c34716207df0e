using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>A web server's port: nobody listens on it until the test says with which status it answers.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to dispose.")]
internal sealed class HealthServer : IDisposable
{
    private readonly Socket _reserved = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private bool _listens;
    private int _status;

    /// <summary>Reserves a port: bound and not listening, a connection to it is refused.</summary>
    internal HealthServer()
    {
        _reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_reserved.LocalEndPoint!).Port;
    }

    internal int Port { get; }

    /// <summary>Answers every request with a status from now on.</summary>
    internal void Serve(int status)
    {
        Volatile.Write(ref _status, status);
        if (_listens) return;
        _listens = true;
        _reserved.Listen(16);
        _ = Task.Run(AcceptLoopAsync);
    }

    public void Dispose()
    {
        // A test gives the port away before its own end.
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        _reserved.Dispose();
    }

    private async Task AcceptLoopAsync()
    {
        try
        {
            while (true)
            {
                using Socket client = await _reserved.AcceptAsync(_stop.Token);
                byte[] buffer = new byte[4096];
                if (await client.ReceiveAsync(buffer, _stop.Token) == 0) continue;
                await client.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {Volatile.Read(ref _status)} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over, or the prober went away.
        }
    }
}
