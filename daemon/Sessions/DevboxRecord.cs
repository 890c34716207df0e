namespace Sessiond.Daemon.Sessions;

/// <summary>What the holder keeps of the devbox as a whole for the next daemon, as JSON, together with the listening sockets.</summary>
internal sealed record DevboxRecord
{
    /// <summary>When the devbox started, whatever became of its daemons.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Addresses of the listening sockets, in the order of the descriptors; the first is the Unix socket's path.</summary>
    public required IReadOnlyList<string> Listeners { get; init; }

    /// <summary>Sessions of the spec that were made once: one that was terminated since is not made again by a mere crash.</summary>
    public required IReadOnlyList<string> SpecSessions { get; init; }

    /// <summary>Names this life of the devbox in the marks of its processes.</summary>
    public required string Life { get; init; }

    /// <summary>Folder of the cgroups; null: there are none.</summary>
    public string? Cgroup { get; init; }

    /// <summary>No event has a higher id: those of the next daemon do.</summary>
    public long EventId { get; init; }

    /// <summary>What the hook runner saved; null before it ran any.</summary>
    public byte[]? Hooks { get; init; }
}
