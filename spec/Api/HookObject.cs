namespace Sessiond.Spec.Api;

/// <summary>One hook in GET /v1/hooks and in the status.</summary>
public sealed record HookObject
{
    /// <summary>Name of the hook, unique in the spec.</summary>
    public required string Name { get; init; }

    /// <summary>The event that runs it, such as <c>post_start</c>.</summary>
    public required string Event { get; init; }

    /// <summary><c>pending</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>skipped</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is in its state.</summary>
    public string? Reason { get; init; }

    /// <summary>Exit status of the last run.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Start of the last run.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>End of the last run.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long the last run took, in milliseconds; null while it runs or when it never did.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Tries of the last run.</summary>
    public int Tries { get; init; }

    /// <summary><c>fail</c>, <c>warn</c> or <c>ignore</c>: what a failure does.</summary>
    public string? OnFailure { get; init; }
}
