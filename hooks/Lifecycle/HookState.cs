namespace Sessiond.Hooks;

/// <summary>Where a hook stands.</summary>
public enum HookState
{
    /// <summary>It has not run yet.</summary>
    Pending,

    /// <summary>Its command runs, or waits for its next try.</summary>
    Running,

    /// <summary>Its command exited with 0, now or, for a once-event, in an earlier life.</summary>
    Succeeded,

    /// <summary>Every try failed.</summary>
    Failed,

    /// <summary>It does not run because one before it failed.</summary>
    Skipped,
}
