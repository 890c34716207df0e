using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Sessiond.Daemon.Access;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>One request that has been let in, and its answer.</summary>
/// <param name="http">Kestrel's view of it.</param>
/// <param name="identity">Who asks.</param>
/// <param name="name">The {name} of the path; empty where it has none.</param>
internal sealed class Exchange(HttpContext http, Identity identity, string name)
{
    /// <summary>Bytes of a JSON body: a session with a large environment is some KB.</summary>
    internal const int MaxJson = 1 << 20;

    internal HttpContext Http => http;

    internal Identity Identity => identity;

    /// <summary>The {name} of the path.</summary>
    internal string Name => name;

    internal CancellationToken Aborted => http.RequestAborted;

    internal string? Query(string key) => http.Request.Query.TryGetValue(key, out var values) ? values.ToString() : null;

    /// <summary>Reads a JSON body.</summary>
    /// <exception cref="RequestException">It is not JSON, not of the right shape, or too large.</exception>
    internal async Task<T> ReadJsonAsync<T>(JsonTypeInfo<T> type) => ParseJson(await ReadBodyAsync(MaxJson), type);

    /// <summary>Reads JSON.</summary>
    /// <exception cref="RequestException">It is not JSON, or not of the right shape.</exception>
    internal static T ParseJson<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new RequestException(400, "bad JSON", "the body is null; it must be an object");
        }
        catch (JsonException exception)
        {
            throw new RequestException(400, "bad JSON", exception.Message);
        }
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="RequestException">It is too large.</exception>
    internal async Task<byte[]> ReadBodyAsync(int limit)
    {
        using var body = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = await http.Request.Body.ReadAsync(buffer, Aborted)) > 0)
        {
            if (body.Length + count > limit) throw new RequestException(413, "too large", $"the body is larger than {limit >> 10} KiB");
            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    internal Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> type, int status = 200) =>
        WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json", status);

    internal Task WriteAsync(ReadOnlyMemory<byte> body, string contentType, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, Aborted).AsTask();
    }

    /// <summary>Answers with RFC 9457 problem details.</summary>
    internal static Task WriteProblemAsync(HttpContext http, int status, string title, string detail, IReadOnlyList<string>? unsaved = null)
    {
        var problem = new Problem { Title = title, Detail = detail, Status = status, Unsaved = unsaved };
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(problem, WireJsonContext.Default.Problem);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body).AsTask();
    }
}
