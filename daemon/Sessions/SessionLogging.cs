using Microsoft.Extensions.Logging;
using Sessiond.Pty;

namespace Sessiond.Daemon.Sessions;

/// <summary>Log lines about sessions; ids 100 to 199, never used again.</summary>
internal static partial class SessionLogging
{
    [LoggerMessage(100, LogLevel.Information, "session {Name}: started, pid {Pid}")]
    internal static partial void SessionStarted(this ILogger logger, string name, int pid);

    [LoggerMessage(101, LogLevel.Information, "session {Name}: {Status}")]
    internal static partial void SessionEnded(this ILogger logger, string name, ExitStatus status);

    [LoggerMessage(102, LogLevel.Warning, "session {Name}: failed: {Reason}")]
    internal static partial void SessionFailed(this ILogger logger, string name, string reason);

    [LoggerMessage(110, LogLevel.Warning, "session {Name}: its terminal edits lines and dropped {Count} bytes of a line beyond 4095")]
    internal static partial void InputLost(this ILogger logger, string name, long count);

    [LoggerMessage(111, LogLevel.Warning, "session {Name}: {Count} bytes of input are lost, which the program did not take before the client or this daemon went")]
    internal static partial void LastInputLost(this ILogger logger, string name, long count);

    [LoggerMessage(104, LogLevel.Warning, "session {Name}: its checkpoint cannot be read ({Reason}); the screen is made of the last output alone")]
    internal static partial void CheckpointLost(this ILogger logger, string name, string reason);

    [LoggerMessage(103, LogLevel.Information, "session {Name}: stopped, {Killed} processes ended, {Left} left")]
    internal static partial void SessionStopped(this ILogger logger, string name, int killed, int left);
}
