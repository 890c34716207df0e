namespace Sessiond.Spec;

/// <summary><c>live</c>: whether a session still works.</summary>
public sealed record LiveProbe
{
    /// <summary>How it is asked.</summary>
    public Probe Probe { get; init; } = new();

    /// <summary>Between two tries.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time of one try.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Failed tries in a row after which the program is ended and its restart policy applies.</summary>
    public int Failures { get; init; } = 6;
}
