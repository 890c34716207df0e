using System.Net;
using System.Text.Json;

namespace Sessiond.E2e.Tests;

/// <summary>What the daemon tells about itself: the OpenAPI document and the metrics.</summary>
public sealed class DocumentTests
{
    [Fact]
    public async Task The_OpenAPI_document_describes_every_route_and_the_shape_of_a_session()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using JsonDocument document = JsonDocument.Parse(await daemon.Http.GetStringAsync("/v1/openapi.json"));
        JsonElement paths = document.RootElement.GetProperty("paths");
        foreach (JsonProperty path in paths.EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                Assert.True(operation.Value.GetProperty("summary").GetString() is { Length: > 0 }, $"{operation.Name} {path.Name} has no summary");
            }
        }

        Assert.Contains("epoch", paths.GetProperty("/v1/sessions/{name}").GetProperty("get").GetRawText(), StringComparison.Ordinal);
        foreach (string path in new[] { "/healthz", "/metrics", "/v1/sessions/{name}/attach", "/v1/events", "/v1/tokens/{name}" }) Assert.True(paths.TryGetProperty(path, out _), path);
    }

    [Fact]
    public async Task The_metrics_count_sessions_and_clients()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("one", ["cat"]);
        await using WireClient client = await daemon.AttachAsync("one");
        await client.MessageAsync("hello");
        using HttpResponseMessage response = await daemon.Http.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\nsessiond_sessions{state=\"running\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsessiond_attachments{role=\"controller\"} 1\n", text, StringComparison.Ordinal);
        Assert.Matches(@"\nprocess_resident_memory_bytes [1-9]\d+\n", text);
    }
}
