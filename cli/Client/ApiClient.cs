using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sessiond.Spec;

namespace Sessiond.Cli.Client;

/// <summary>Requests to the daemon's endpoint. Every failure is a <see cref="CliException"/>.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly Uri _address;
    private readonly string _variables;

    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <param name="endpoint">Where the daemon is.</param>
    /// <param name="uid">The user's.</param>
    /// <param name="variables">The user's own variables that sessions follow, <see cref="ClientVariables"/>: for a daemon on this machine alone.</param>
    public ApiClient(Endpoint endpoint, int uid, string variables = "")
    {
        Endpoint = endpoint;
        _variables = endpoint.Url is null ? variables : "";
        _address = endpoint.Url ?? new Uri("http://localhost/");
        _authorization = ReadToken(endpoint.TokenFile);
        var handler = new SocketsHttpHandler { UseProxy = endpoint.Url is not null, UseCookies = false, AllowAutoRedirect = false };
        if (endpoint.Url is null)
        {
            var connector = new SocketConnector(endpoint, uid);
            handler.ConnectCallback = (_, cancellation) => connector.ConnectAsync(cancellation);
        }

        _invoker = new HttpMessageInvoker(handler);
    }

    /// <summary>Where this client looks for the daemon.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>Sends a request; the answer is a success, its body not yet read.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path and query, such as <c>v1/sessions</c>.</param>
    /// <param name="content">Body; null for none.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <param name="conflict">Exit code for 409.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellation, int conflict = ExitCode.Failed)
    {
        using var request = new HttpRequestMessage(method, new Uri(_address, path)) { Content = content };
        HttpResponseMessage response = await ExchangeAsync(request, cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await ApiFailure.FromResponseAsync(response, path, conflict, cancellation);
    }

    /// <summary>Sends a request as it is, with the token; the answer may be anything, an upgrade too.</summary>
    public async Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Authorization = _authorization;
        if (_variables.Length > 0) request.Headers.Add(ClientVariables.Header, _variables);
        try
        {
            return await _invoker.SendAsync(request, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // A connection that is reset as soon as it is made: the handler asks for its far end, and lets out what the socket says to that.
            throw ApiFailure.FromTransport(e, Endpoint);
        }
    }

    /// <summary>The absolute address of <paramref name="path"/>.</summary>
    public Uri AddressOf(string path) => new(_address, path);

    /// <summary>The body of a GET as it came.</summary>
    public async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return await BodyAsync(response, cancellation);
    }

    /// <summary>GET of a JSON object.</summary>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => Parse(await ReadAsync(path, cancellation), type);

    /// <summary>Sends a JSON body and reads the answer as it came.</summary>
    public async Task<byte[]> SendJsonAsync<T>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation, int conflict = ExitCode.Failed)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await SendAsync(method, path, content, cancellation, conflict);
        return await BodyAsync(response, cancellation);
    }

    /// <summary>Sends a request without a body and reads the answer as it came.</summary>
    public async Task<byte[]> SendEmptyAsync(HttpMethod method, string path, CancellationToken cancellation, int conflict = ExitCode.Failed)
    {
        using HttpResponseMessage response = await SendAsync(method, path, null, cancellation, conflict);
        return await BodyAsync(response, cancellation);
    }

    /// <summary>Reads JSON that the daemon sent.</summary>
    /// <exception cref="CliException">It is not what it should be.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCode.Failed, $"the daemon's answer is not understood: {e.Message}", e);
        }
    }

    /// <summary>Reads a body to its end.</summary>
    public async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ApiFailure.FromTransport(e, Endpoint);
        }
    }

    public void Dispose() => _invoker.Dispose();

    private static AuthenticationHeaderValue? ReadToken(string? file)
    {
        if (file is null) return null;
        try
        {
            return new AuthenticationHeaderValue("Bearer", File.ReadAllText(file).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new CliException(ExitCode.Failed, $"the token file cannot be used: {e.Message}", e);
        }
    }
}
