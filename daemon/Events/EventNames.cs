namespace Sessiond.Daemon.Events;

/// <summary>The names in GET /v1/events.</summary>
internal static class EventNames
{
    internal const string SessionCreated = "session.created";
    internal const string SessionChanged = "session.changed";
    internal const string SessionRemoved = "session.removed";
    internal const string SessionBell = "session.bell";
    internal const string SessionOutput = "session.output";
    internal const string DevboxChanged = "devbox.changed";
    internal const string HookChanged = "hook.changed";
    internal const string HookLog = "hook.log";
    internal const string AutoCommitChanged = "auto_commit.changed";
    internal const string Reset = "reset";
}
