using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>What the holder keeps of a session for the next daemon, as JSON. No value of a secret is in it.</summary>
internal sealed record SessionRecord
{
    /// <summary>Name now.</summary>
    public required string Name { get; init; }

    /// <summary>Name in the spec; null for a session of the API.</summary>
    public string? SpecName { get; init; }

    /// <summary>The definition as a request of the API: for a session that no spec describes, or not any more.</summary>
    public required CreateSession Request { get; init; }

    public string? Owner { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Title that a person gave it.</summary>
    public string? Title { get; init; }

    public required string State { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? ExitedAt { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Number of the signal that ended the program.</summary>
    public int? ExitSignal { get; init; }

    /// <summary>Programs started so far; the last one's tag at the holder.</summary>
    public int Runs { get; init; }

    /// <summary>The last run whose end is in this record: a program of that number at the holder is old news.</summary>
    public int EndedRun { get; init; }

    public int Restarts { get; init; }

    public required IReadOnlyList<DateTimeOffset> RestartTimes { get; init; }

    public bool StopAsked { get; init; }

    public bool GaveUp { get; init; }

    /// <summary>Name of the folder that was cloned for it; null: none.</summary>
    public string? FolderName { get; init; }

    /// <summary>The port of its server, given or picked; null: it has none.</summary>
    public int? Port { get; init; }

    /// <summary>The body of the request that made it; null for a session of the spec.</summary>
    public string? Body { get; init; }

    /// <summary>Since when it is in its state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>It waits for what it needs, or a script before its program runs.</summary>
    public bool IsLaunching { get; init; }

    /// <summary>The script before the program that is the last run: <c>clone</c>, <c>before</c> or <c>init</c>; null: it is the program.</summary>
    public string? Phase { get; init; }

    /// <summary>Where that script leaves its environment, to be removed after it; null: nowhere.</summary>
    public string? ScriptFile { get; init; }

    /// <summary>Readiness was reached by the last run.</summary>
    public bool IsReady { get; init; }

    /// <summary>Offset of the journal at which the last run began.</summary>
    public long RunFrom { get; init; }

    /// <summary>When the screen was saved that it began with.</summary>
    public DateTimeOffset? RestoredAt { get; init; }

    /// <summary>Hash over the secrets that the last run got; null: none.</summary>
    public string? SecretsFingerprint { get; init; }

    /// <summary>Variables that were patched.</summary>
    public IReadOnlyDictionary<string, string?>? OwnVariables { get; init; }

    /// <summary>Secrets that were patched, by name.</summary>
    public IReadOnlyDictionary<string, string>? OwnSecrets { get; init; }

    /// <summary>Its program is of another spec than the next one.</summary>
    public bool Outdated { get; init; }

    /// <summary>Its program has another environment than the next one.</summary>
    public bool EnvStale { get; init; }

    /// <summary>Processes that a pause stopped.</summary>
    public IReadOnlyList<Holder.FrozenProcess> Frozen { get; init; } = [];

    /// <summary>A terminate is under way.</summary>
    public bool IsReleased { get; init; }

    /// <summary>The attachment that has control, and its user: after a crash it is the one that gets it back.</summary>
    public string? ControllerAttachment { get; init; }

    public string? ControllerUser { get; init; }

    /// <summary>Size at the beginning of the journal, which the engine is given when it has no checkpoint.</summary>
    public int Columns { get; init; }

    public int Rows { get; init; }
}
