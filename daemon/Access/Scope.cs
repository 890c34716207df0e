namespace Sessiond.Daemon.Access;

/// <summary>What an identity may do; each includes those before it.</summary>
internal enum Scope
{
    /// <summary>See sessions and attach as an observer.</summary>
    Observe,

    /// <summary>Type into sessions.</summary>
    Control,

    /// <summary>Make, stop and end sessions.</summary>
    Manage,

    /// <summary>Everything, on everyone's sessions.</summary>
    Admin,
}
