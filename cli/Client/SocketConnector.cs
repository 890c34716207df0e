using System.Buffers.Binary;
using System.Net.Sockets;

namespace Sessiond.Cli.Client;

/// <summary>Opens the Unix socket of an endpoint for the HTTP stack.</summary>
internal sealed class SocketConnector(Endpoint endpoint, int uid)
{
    // socket(7), SO_PEERCRED: struct ucred { pid_t pid; uid_t uid; gid_t gid; }
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int UcredBytes = 12;

    /// <summary>Connects to the first candidate that answers.</summary>
    /// <exception cref="CliException">None answers.</exception>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        bool refused = false;
        foreach (string path in endpoint.Sockets)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                CheckPeer(socket, path);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                refused |= e.SocketErrorCode == SocketError.AccessDenied;
            }
            catch (Exception e) when (e is ArgumentException or CliException or OperationCanceledException)
            {
                socket.Dispose();
                if (e is not ArgumentException) throw;
                throw new CliException(ExitCode.Usage, $"the path of the socket is too long: {path}", e);
            }
        }

        if (refused) throw new CliException(ExitCode.NotPermitted, $"not permitted to open the socket ({endpoint})");
        throw new CliException(ExitCode.NotReachable, $"no daemon answers at {endpoint}; is `sessiond serve` running?")
        {
            Transient = true,
            NobodyListens = true,
        };
    }

    private void CheckPeer(Socket socket, string path)
    {
        if (!Endpoint.IsShared(path, uid)) return;
        Span<byte> credentials = stackalloc byte[UcredBytes];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        int peer = BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadInt32LittleEndian(credentials[4..])
            : BinaryPrimitives.ReadInt32BigEndian(credentials[4..]);
        if (peer != uid && peer != 0)
        {
            throw new CliException(ExitCode.NotPermitted, $"{path} belongs to uid {peer}, not to you: not used");
        }
    }
}
