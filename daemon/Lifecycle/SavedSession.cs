namespace Sessiond.Daemon.Lifecycle;

/// <summary>What is kept of a session for after a restart of the container.</summary>
internal sealed record SavedSession
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When this was written.</summary>
    public DateTimeOffset SavedAt { get; init; }

    /// <summary>Columns of its screen.</summary>
    public int Columns { get; init; }

    /// <summary>Rows of its screen.</summary>
    public int Rows { get; init; }

    /// <summary>The request that made a session of the API, as JSON; null for one of the spec, which says it again.</summary>
    public string? Request { get; init; }

    /// <summary>Name of the folder that was cloned for it; null: none, or that of the session.</summary>
    public string? FolderName { get; init; }

    /// <summary>Owner of a session of the API.</summary>
    public string? Owner { get; init; }

    /// <summary>Variables of a session of the API that were patched.</summary>
    public IReadOnlyDictionary<string, string?>? OwnVariables { get; init; }

    /// <summary>Secrets of a session of the API that were patched, by name.</summary>
    public IReadOnlyDictionary<string, string>? OwnSecrets { get; init; }

    /// <summary>Exit status of its program, if it ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Number of the terminating signal, if one ended it.</summary>
    public int? ExitSignal { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? ExitedAt { get; init; }
}
