namespace Sessiond.Spec;

/// <summary>Form of the daemon's own log.</summary>
public enum DaemonLog
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>None.</summary>
    Off,
}
