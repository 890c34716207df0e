using Microsoft.Extensions.Logging;

namespace Sessiond.Daemon.Endpoint;

/// <summary>Log lines about requests; ids 200 to 299, never used again.</summary>
internal static partial class EndpointLogging
{
    [LoggerMessage(200, LogLevel.Error, "{Method} {Path} failed")]
    internal static partial void RequestFailed(this ILogger logger, string method, string path, Exception exception);
}
