namespace Sessiond.Hooks.AutoCommit;

/// <summary>What an auto-commit does now.</summary>
public enum AutoCommitState
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>Everything is saved; it waits for an edit.</summary>
    Watching,

    /// <summary>There was an edit; it waits for the last one.</summary>
    Waiting,

    /// <summary>It commits.</summary>
    Committing,

    /// <summary>It pushes.</summary>
    Pushing,

    /// <summary>Something stands in the way that somebody has to move, or that passes when the user is done.</summary>
    Blocked,

    /// <summary>The remote cannot be reached; it tries again.</summary>
    Offline,
}
