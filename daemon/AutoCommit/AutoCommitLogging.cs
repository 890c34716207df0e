using Microsoft.Extensions.Logging;

namespace Sessiond.Daemon.AutoCommit;

/// <summary>Log lines of auto-commit; ids 400 to 499, never used again.</summary>
internal static partial class AutoCommitLogging
{
    [LoggerMessage(400, LogLevel.Information, "{Line}")]
    internal static partial void AutoCommitTold(this ILogger logger, string line);

    [LoggerMessage(401, LogLevel.Information, "session {Session}: {Line}")]
    internal static partial void SessionAutoCommitTold(this ILogger logger, string session, string line);
}
