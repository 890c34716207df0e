namespace Sessiond.Spec;

/// <summary>Whether and how a session's program is started again.</summary>
public sealed record RestartSpec
{
    /// <summary>When.</summary>
    public RestartPolicy Policy { get; init; }

    /// <summary>Before the first restart; doubles with each further one.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most restarts inside <see cref="Within"/>; then the session is <c>failed</c>.</summary>
    public int Max { get; init; } = 5;

    /// <summary>The time in which they are counted.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(60);
}
