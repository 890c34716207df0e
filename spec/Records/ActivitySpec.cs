namespace Sessiond.Spec;

/// <summary><c>[activity]</c>: what counts as activity.</summary>
public sealed record ActivitySpec
{
    /// <summary>A file in this folder says: busy. Null: <c>/run/sessiond/tasks</c>, or <c>tasks</c> in the run folder of a daemon that is not root.</summary>
    public string? TasksDir { get; init; }

    /// <summary>An older file says nothing.</summary>
    public TimeSpan MarkerTtl { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Output of a session counts.</summary>
    public bool OutputCounts { get; init; } = true;
}
