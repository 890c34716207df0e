namespace Sessiond.Spec;

/// <summary>What happens when a session's program ended by itself.</summary>
public enum OnExit
{
    /// <summary>The session stays listed with its screen and exit code.</summary>
    Hold,

    /// <summary>A shell starts in it.</summary>
    RestartShell,

    /// <summary>The session is removed.</summary>
    Remove,
}
