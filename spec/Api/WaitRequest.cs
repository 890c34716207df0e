namespace Sessiond.Spec.Api;

/// <summary>Body of POST /v1/sessions/{name}/wait.</summary>
public sealed record WaitRequest
{
    /// <summary><c>exit</c>, <c>idle</c>, <c>text</c> or <c>prompt</c>.</summary>
    public string? Until { get; init; }

    /// <summary>Regular expression for <c>text</c>.</summary>
    public string? Pattern { get; init; }

    /// <summary>For <c>text</c>: looks only at what was printed from this offset on, such as the one that the answer of …/input told.</summary>
    public long? Since { get; init; }

    /// <summary>Quiet time for <c>idle</c>: a duration such as <c>"2s"</c>.</summary>
    public string? Idle { get; init; }

    /// <summary>When to give up: a duration such as <c>"30s"</c>.</summary>
    public string? Timeout { get; init; }
}
