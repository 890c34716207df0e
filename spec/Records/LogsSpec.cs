namespace Sessiond.Spec;

/// <summary><c>[logs]</c>: log files of sessions and hooks, and the daemon's own log.</summary>
public sealed record LogsSpec
{
    /// <summary>Per session and hook, in bytes; head and tail are kept, the cut is marked.</summary>
    public long MaxSize { get; init; } = 16L << 20;

    /// <summary>Logs of earlier runs that are kept.</summary>
    public int Keep { get; init; } = 5;

    /// <summary>The daemon's own log.</summary>
    public DaemonLog Stdout { get; init; }

    /// <summary>Secret values become <c>*</c> in logs.</summary>
    public bool MaskSecrets { get; init; } = true;
}
