namespace Sessiond.Daemon.Attach;

/// <summary>Why a WebSocket was closed. Below 4000: RFC 6455 section 7.4; from 4000 on: sessiond's own, docs/protocol.md.</summary>
internal static class CloseCode
{
    internal const int Normal = 1000;
    internal const int GoingAway = 1001;
    internal const int ProtocolError = 1002;
    internal const int WrongKind = 1003;
    internal const int TooLarge = 1009;
    internal const int TakenOver = 4001;
    internal const int SessionEnded = 4002;
    internal const int NotAuthenticated = 4003;
    internal const int NoSuchSession = 4004;
    internal const int NoProgress = 4008;
    internal const int Busy = 4009;
    internal const int Upgrading = 4010;
    internal const int NotPermitted = 4011;
}
