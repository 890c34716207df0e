namespace Sessiond.Spec.Api;

/// <summary>One session as every list, answer and event shows it. Times are RFC 3339 UTC; absent values are null.</summary>
public sealed record SessionObject
{
    /// <summary><c>[A-Za-z0-9][A-Za-z0-9._-]{0,63}</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>terminal</c>, or the preset that the session was made of.</summary>
    public required string Type { get; init; }

    /// <summary>One of <see cref="SessionStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why the session is in its state, for a person; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>True while at least one client is attached.</summary>
    public bool Attached { get; init; }

    /// <summary>The identity of the controller (a user name, or a token's name); null without one.</summary>
    public string? Controller { get; init; }

    /// <summary>How many observers are attached.</summary>
    public int Observers { get; init; }

    /// <summary>The user who owns the session; null: it belongs to the devbox.</summary>
    public string? Owner { get; init; }

    /// <summary>The command as it was given; null: the shell.</summary>
    public Command? Command { get; init; }

    /// <summary>Working folder of the first process.</summary>
    public string? Cwd { get; init; }

    /// <summary>Pid of the session leader; null while none runs.</summary>
    public int? Pid { get; init; }

    /// <summary>The session's winsize.</summary>
    public required SizeObject Size { get; init; }

    /// <summary>Window title as the program set it (OSC 0 and 2), without control characters.</summary>
    public string? Title { get; init; }

    /// <summary>Labels of the session.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>TCP port of the session's web server; null without one.</summary>
    public int? Port { get; init; }

    /// <summary>Where its web server is found; null without a port.</summary>
    public string? Url { get; init; }

    /// <summary>Since when the session is in its state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>True once the readiness probe passed (at once where there is none).</summary>
    public bool Ready { get; init; }

    /// <summary>When the session was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its program was last started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its program ended.</summary>
    public DateTimeOffset? ExitedAt { get; init; }

    /// <summary>Exit status of a program that exited; null while it runs or when a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Name of the terminating signal, such as <c>SIGKILL</c>.</summary>
    public string? ExitSignal { get; init; }

    /// <summary>How often the restart policy started the program again.</summary>
    public int Restarts { get; init; }

    /// <summary>Time of the last input or output.</summary>
    public DateTimeOffset? LastActivityAt { get; init; }

    /// <summary>Names one life of the journal, <c>[0-9a-z]+</c>: offsets of different epochs do not compare.</summary>
    public required string Epoch { get; init; }

    /// <summary>Bytes of the journal so far.</summary>
    public long Offset { get; init; }

    /// <summary>When the screen was saved that the session began with, after a restart of the container; null for one that began empty.</summary>
    public DateTimeOffset? RestoredAt { get; init; }

    /// <summary>True when the environment changed after the program was started.</summary>
    public bool EnvStale { get; init; }

    /// <summary>True when the spec changed after the program was started.</summary>
    public bool Outdated { get; init; }

    /// <summary><c>spec</c> or <c>api</c>.</summary>
    public required string Source { get; init; }
}
