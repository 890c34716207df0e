namespace Sessiond.E2e.Tests.Harness;

/// <summary>Finds every process of a daemon's sessions, whatever became of their parents: each was told of the daemon's socket.</summary>
internal static class SessionsLeft
{
    internal static List<ProcessEntry> Of(TestDaemon daemon) =>
        [.. ProcessTable.Read().Where(entry => !entry.IsZombie && ProcessTable.EnvironmentValue(entry.Pid, "SESSIOND_SOCKET") == daemon.Socket)];
}
