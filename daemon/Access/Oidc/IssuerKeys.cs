using System.Text.Json;

namespace Sessiond.Daemon.Access.Oidc;

/// <summary>The keys of an issuer, fetched when a token names one that is not known (OpenID Connect Discovery 1.0, section 4).</summary>
/// <param name="issuer">URL of the issuer.</param>
/// <param name="fetch">Gets a document.</param>
/// <param name="time">Measures the time between two fetches.</param>
internal sealed class IssuerKeys(string issuer, Func<Uri, Task<byte[]>> fetch, TimeProvider time) : IDisposable
{
    /// <summary>Time between two fetches: tokens that name unknown keys must not make us load the issuer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _fetching = new(1);
    private volatile IReadOnlyList<SigningKey> _keys = [];
    private long _fetchedAt;

    /// <summary>The keys that may have signed a token.</summary>
    /// <param name="id">The key that it names; null: any.</param>
    /// <exception cref="IOException">The issuer cannot be asked.</exception>
    internal async ValueTask<IReadOnlyList<SigningKey>> FindAsync(string? id)
    {
        IReadOnlyList<SigningKey> known = Named(id);
        if (known.Count > 0) return known;
        await _fetching.WaitAsync();
        try
        {
            bool isDue = _fetchedAt == 0 || time.GetElapsedTime(_fetchedAt) >= Pause;
            if (!isDue) return Named(id);
            _fetchedAt = time.GetTimestamp();
            _keys = await FetchAsync();
            return Named(id);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _fetching.Dispose();

    private IReadOnlyList<SigningKey> Named(string? id) => id is null ? _keys : [.. _keys.Where(key => key.Id == id)];

    private async Task<IReadOnlyList<SigningKey>> FetchAsync()
    {
        try
        {
            using JsonDocument discovery = JsonDocument.Parse(await fetch(new Uri($"{issuer.TrimEnd('/')}/.well-known/openid-configuration")));
            if (JsonWebToken.Text(discovery.RootElement, "issuer") != issuer) throw new IOException($"{issuer} says that it is another issuer");
            string address = JsonWebToken.Text(discovery.RootElement, "jwks_uri") ?? throw new IOException($"{issuer} names no keys");
            using JsonDocument keys = JsonDocument.Parse(await fetch(new Uri(address)));
            return [.. keys.RootElement.GetProperty("keys").EnumerateArray().Select(SigningKey.Read).OfType<SigningKey>()];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or UriFormatException)
        {
            throw new IOException($"{issuer} answers with what is no discovery document or key set: {exception.Message}", exception);
        }
    }
}
