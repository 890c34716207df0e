namespace Sessiond.Spec;

/// <summary>What auto-commit does when both sides changed the same.</summary>
public enum ConflictPolicy
{
    /// <summary>The local side wins.</summary>
    Local,

    /// <summary>It stops and says so.</summary>
    Stop,
}
