using Microsoft.Extensions.Logging;
using Sessiond.Spec;

namespace Sessiond.Daemon.Startup;

/// <summary>The daemon's own log on standard output: one line an event, text or JSON.</summary>
internal static partial class DaemonLogging
{
    internal static ILoggerFactory Create(DaemonLog form, TimeProvider time) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(LogLevel.Information);
        builder.AddFilter("Microsoft", LogLevel.Warning);
        if (form != DaemonLog.Off) builder.AddProvider(new LineLoggerProvider(Console.OpenStandardOutput(), form == DaemonLog.Json, time));
    });

    [LoggerMessage(1, LogLevel.Information, "listening on {Address}")]
    internal static partial void Listening(this ILogger logger, string address);

    [LoggerMessage(2, LogLevel.Error, "cannot start: {Reason}")]
    internal static partial void CannotStart(this ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "spec: {Problem}")]
    internal static partial void SpecError(this ILogger logger, string problem);

    [LoggerMessage(4, LogLevel.Warning, "{Problem}")]
    internal static partial void StartupWarning(this ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Information, "stopping {Count} sessions")]
    internal static partial void Stopping(this ILogger logger, int count);

    [LoggerMessage(9, LogLevel.Information, "upgrading to {Binary}")]
    internal static partial void Upgrading(this ILogger logger, string binary);

    [LoggerMessage(10, LogLevel.Error, "the upgrade failed: {Reason}; this daemon goes on")]
    internal static partial void UpgradeFailed(this ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Error, "the spec was not taken over, the old one counts: {Problem}")]
    internal static partial void ReloadRefused(this ILogger logger, string problem);

    [LoggerMessage(8, LogLevel.Information, "the spec was read again: {Created} sessions new, {Outdated} outdated, {Removed} no longer in it")]
    internal static partial void Reloaded(this ILogger logger, int created, int outdated, int removed);

    [LoggerMessage(11, LogLevel.Warning, "{Count} processes that no session could be told for were ended")]
    internal static partial void UnattributedEnded(this ILogger logger, int count);

    [LoggerMessage(14, LogLevel.Information, "{What} can be written again; {Lost}")]
    internal static partial void WrittenAgain(this ILogger logger, string what, string lost);

    [LoggerMessage(12, LogLevel.Information, "no cgroups: {Reason}; processes are paused by SIGSTOP and found by /proc")]
    internal static partial void NoCgroups(this ILogger logger, string reason);

    [LoggerMessage(13, LogLevel.Warning, "{Cgroup}, of a sessiond that is gone, still holds processes: {Processes}")]
    internal static partial void LeftoverProcesses(this ILogger logger, string cgroup, string processes);

    [LoggerMessage(6, LogLevel.Error, "a handler failed")]
    internal static partial void LoopFault(this ILogger logger, Exception exception);
}
