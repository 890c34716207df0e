using Microsoft.Extensions.Logging;

namespace Sessiond.Daemon.Hooks;

/// <summary>Log lines about hooks; ids 300 to 399, never used again.</summary>
internal static partial class HookLogging
{
    [LoggerMessage(300, LogLevel.Information, "[{Name}] {Line}")]
    internal static partial void HookLine(this ILogger logger, string name, string line);

    [LoggerMessage(301, LogLevel.Warning, "[{Name}] {Skipped} more lines are in the hook's log")]
    internal static partial void HookLinesSkipped(this ILogger logger, string name, int skipped);

    [LoggerMessage(302, LogLevel.Warning, "hook {Name}: failed: {Reason}")]
    internal static partial void HookFailed(this ILogger logger, string name, string reason);
}
