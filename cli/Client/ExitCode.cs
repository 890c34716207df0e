namespace Sessiond.Cli.Client;

/// <summary>Exit codes of the command line; scripts depend on them.</summary>
internal static class ExitCode
{
    internal const int Done = 0;
    internal const int Failed = 1;
    internal const int Usage = 2;
    internal const int NoSuchSession = 3;
    internal const int NotReachable = 4;
    internal const int NotPermitted = 5;
    internal const int Busy = 6;

    // What timeout(1) returns.
    internal const int TimedOut = 124;

    // What shells add to the number of a terminating signal.
    internal const int SignalOffset = 128;
}
