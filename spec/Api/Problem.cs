namespace Sessiond.Spec.Api;

/// <summary>RFC 9457 problem details.</summary>
public sealed record Problem
{
    /// <summary>Short, the same for every problem of its kind.</summary>
    public required string Title { get; init; }

    /// <summary>What happened here, and what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>HTTP status code.</summary>
    public int Status { get; init; }

    /// <summary>What a terminate would lose (409 of DELETE); absent otherwise.</summary>
    public IReadOnlyList<string>? Unsaved { get; init; }
}
