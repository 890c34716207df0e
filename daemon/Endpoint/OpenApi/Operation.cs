using System.Text.Json.Serialization.Metadata;

namespace Sessiond.Daemon.Endpoint.OpenApi;

/// <summary>One route as the OpenAPI document tells it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">As in the route table.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Query">Its query parameters.</param>
internal sealed record Operation(string Method, string Path, string Summary, params (string Name, string Meaning)[] Query)
{
    /// <summary>Shape of the JSON body; null: none, or bytes.</summary>
    internal JsonTypeInfo? Body { get; init; }

    /// <summary>Media type of a body that is no JSON; null: none.</summary>
    internal string? BodyType { get; init; }

    /// <summary>Shape of the JSON answer; null: none, or something else.</summary>
    internal JsonTypeInfo? Answer { get; init; }

    /// <summary>Media type of an answer that is no JSON; null: none.</summary>
    internal string? AnswerType { get; init; }

    /// <summary>Status of success.</summary>
    internal int Status { get; init; } = 200;

    /// <summary>True for what needs no token.</summary>
    internal bool IsPublic { get; init; }
}
