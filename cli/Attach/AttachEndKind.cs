namespace Sessiond.Cli.Attach;

/// <summary>The ways in which an attachment comes to its end.</summary>
internal enum AttachEndKind
{
    /// <summary>The user detached.</summary>
    Detached,

    /// <summary>The session's program ended.</summary>
    Exited,

    /// <summary>Another client took control.</summary>
    TakenOver,

    /// <summary>The server refused, for a reason that stays.</summary>
    Refused,

    /// <summary>The connection broke.</summary>
    Lost,

    /// <summary>The daemon is replaced by a new one.</summary>
    Upgrading,

    /// <summary>This process got a signal, or its terminal is gone.</summary>
    Signalled,
}
