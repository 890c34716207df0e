namespace Sessiond.Spec;

/// <summary><c>ready</c>: when a session counts as ready.</summary>
public sealed record ReadyProbe
{
    /// <summary>How it is asked.</summary>
    public Probe Probe { get; init; } = new();

    /// <summary>Between two tries.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest time of one try.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Not ready by then: the session is <c>failed</c>.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);
}
