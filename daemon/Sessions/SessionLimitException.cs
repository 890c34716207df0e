namespace Sessiond.Daemon.Sessions;

/// <summary>No more sessions are allowed.</summary>
internal sealed class SessionLimitException(int max)
    : Exception($"there are {max} sessions, as many as [daemon].max_sessions allows; terminate one first");
