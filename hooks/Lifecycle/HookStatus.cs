namespace Sessiond.Hooks;

/// <summary>Where a hook stands, at one moment.</summary>
public sealed record HookStatus
{
    /// <summary>The state.</summary>
    public HookState State { get; init; }

    /// <summary>Why, for a person; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Exit status of the last try, 128 + n after signal n; null when it did not run or could not be started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Start of the last run's first try.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>End of the last run's last try.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Tries of the last run.</summary>
    public int Tries { get; init; }

    /// <summary>Key of the process that runs; null when none does.</summary>
    public string? Process { get; init; }

    /// <summary>How long the last run took; null while it runs or when it never did.</summary>
    public TimeSpan? Duration => EndedAt - StartedAt;

    /// <summary>What waited for the hook may go on.</summary>
    public bool IsOver => State is HookState.Succeeded or HookState.Failed or HookState.Skipped;
}
