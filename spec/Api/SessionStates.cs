namespace Sessiond.Spec.Api;

/// <summary>The words for a session's and the devbox's state.</summary>
public static class SessionStates
{
    /// <summary>Asked for, not yet spawned.</summary>
    public const string Starting = "starting";

    /// <summary>Waits for needs, init or readiness.</summary>
    public const string Initializing = "initializing";

    /// <summary>Its program runs and is ready.</summary>
    public const string Running = "running";

    /// <summary>Its processes are being ended.</summary>
    public const string Stopping = "stopping";

    /// <summary>Its program ended.</summary>
    public const string Stopped = "stopped";

    /// <summary>It could not be started, its readiness deadline passed or its restarts are used up.</summary>
    public const string Failed = "failed";

    /// <summary>Its processes are frozen.</summary>
    public const string Paused = "paused";
}
