using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Sessiond.Daemon.Access;

namespace Sessiond.Daemon.Endpoint.OpenApi;

/// <summary>GET /v1/openapi.json: OpenAPI 3.1 of the routes that this daemon has, with the shapes of the records that it reads and writes.</summary>
internal sealed class OpenApiRoute(Func<IReadOnlyList<Route>> routes)
{
    private const string Problem = "application/problem+json";
    private byte[]? _document; // made when it is first asked for

    internal Route Route => new("GET", "/v1/openapi.json", Scope.Observe, exchange => exchange.WriteAsync(_document ??= Write(), "application/json"));

    private byte[] Write()
    {
        var paths = new JsonObject();
        foreach (Operation operation in Operations.All.Where(operation => operation.IsPublic).Concat(routes().Select(Find)))
        {
            if (paths[operation.Path] is not JsonObject path) paths[operation.Path] = path = [];
            path[operation.Method.ToLowerInvariant()] = Describe(operation);
        }

        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "sessiond", ["version"] = DevboxStatus.Version },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) document.WriteTo(writer);
        return stream.ToArray();
    }

    private static Operation Find(Route route) =>
        Operations.All.FirstOrDefault(operation => operation.Method == route.Method && operation.Path == route.Path) ?? new Operation(route.Method, route.Path, "");

    private static JsonObject Describe(Operation operation)
    {
        var described = new JsonObject { ["summary"] = operation.Summary };
        if (operation.IsPublic) described["security"] = new JsonArray();
        var parameters = new JsonArray();
        if (operation.Path.Contains("{name}", StringComparison.Ordinal)) parameters.Add((JsonNode)Parameter("name", "path", "name of it", isRequired: true));
        foreach ((string name, string meaning) in operation.Query) parameters.Add((JsonNode)Parameter(name, "query", meaning, isRequired: false));
        if (parameters.Count > 0) described["parameters"] = parameters;
        if (operation.Body is { } body) described["requestBody"] = new JsonObject { ["content"] = Content("application/json", body.GetJsonSchemaAsNode()) };
        else if (operation.BodyType is { } type) described["requestBody"] = new JsonObject { ["content"] = Content(type, null) };
        var success = new JsonObject { ["description"] = "done" };
        if (operation.Answer is { } answer) success["content"] = Content("application/json", answer.GetJsonSchemaAsNode());
        else if (operation.AnswerType is { } media) success["content"] = Content(media, null);
        var problem = new JsonObject { ["description"] = "refused, RFC 9457", ["content"] = Content(Problem, null) };
        described["responses"] = new JsonObject { [operation.Status.ToString()] = success, ["default"] = problem };
        return described;
    }

    private static JsonObject Parameter(string name, string place, string meaning, bool isRequired) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = isRequired,
        ["description"] = meaning,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Content(string media, JsonNode? schema) => new() { [media] = schema is null ? [] : new JsonObject { ["schema"] = schema } };
}
