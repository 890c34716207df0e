using System.Net;

namespace Sessiond.Daemon.Access.Oidc;

/// <summary>Fetches an issuer's documents: https, or http from this machine itself, small, and soon.</summary>
internal sealed class IssuerClient : IDisposable
{
    /// <summary>Bytes of a document; key sets have a few KB.</summary>
    private const long MaxDocument = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = MaxDocument };

    /// <summary>Gets a document.</summary>
    /// <exception cref="IOException">It cannot be had.</exception>
    internal async Task<byte[]> FetchAsync(Uri address)
    {
        bool isSafe = address.Scheme == Uri.UriSchemeHttps || (address.IsLoopback && address.Scheme == Uri.UriSchemeHttp);
        if (!isSafe) throw new IOException($"{address} is not https");
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(address);
            if (response.StatusCode != HttpStatusCode.OK) throw new IOException($"{address} answers {(int)response.StatusCode}");
            return await response.Content.ReadAsByteArrayAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            throw new IOException($"{address} cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
