using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Attach;

/// <summary>Opens a WebSocket by an HTTP upgrade, RFC 6455 section 4.</summary>
/// <remarks>Not ClientWebSocket: it drops the body of a refusal, and that is where the server says why.</remarks>
internal static class WebSocketUpgrade
{
    internal const string Dialect = "sessiond.v1";

    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    // docs/protocol.md: ping every 20 s, dead after 60 s.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Upgrades <paramref name="path"/>.</summary>
    /// <returns>The socket, and whether its peer proved to speak WebSocket: to be awaited before anything is sent.</returns>
    /// <exception cref="CliException">The server refused, or does not answer.</exception>
    public static async Task<(WebSocket Socket, Task<bool> IsProved)> ConnectAsync(ApiClient api, string path, CancellationToken cancellation)
    {
        // Not of the cryptographic generator, which loads OpenSSL, as the proof does: milliseconds that the first screen does not wait for.
        string key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        Task<string> proof = Task.Run(() => ProofOf(key), cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, api.AddressOf(path)) { Version = HttpVersion.Version11 };
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", key);
        request.Headers.Add("Sec-WebSocket-Protocol", Dialect);

        HttpResponseMessage response = await api.ExchangeAsync(request, cancellation);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            using (response) throw await ApiFailure.FromResponseAsync(response, path, ExitCode.Busy, cancellation);
        }

        if (HeaderOf(response, "Sec-WebSocket-Protocol") != Dialect)
        {
            response.Dispose();
            throw new CliException(ExitCode.Failed, "the daemon's WebSocket handshake is wrong, or of another dialect");
        }

        Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
        WebSocket socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions
        {
            IsServer = false,
            SubProtocol = Dialect,
            KeepAliveInterval = PingInterval,
            KeepAliveTimeout = PingTimeout,
        });
        return (socket, IsProvedAsync(proof, HeaderOf(response, "Sec-WebSocket-Accept")));
    }

    private static async Task<bool> IsProvedAsync(Task<string> proof, string? given) => await proof == given;

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 says SHA-1; it proves nothing but that the peer speaks WebSocket.")]
    private static string ProofOf(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptSuffix)));

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
