using Sessiond.Pty;

namespace Sessiond.Hooks;

/// <summary>A process that was started, until its end.</summary>
public interface IStartedProcess
{
    /// <summary>Its pid.</summary>
    int Pid { get; }

    /// <summary>
    /// The end of the process itself, after its own output was handed to the sink. A background process that still holds the output does not hold this up.
    /// </summary>
    Task<ExitStatus> Ended { get; }

    /// <summary>Its end is written down: nobody will ask for it again.</summary>
    void Release();

    /// <summary>Ends it and everything that descends from it: SIGTERM, grace, SIGKILL.</summary>
    /// <param name="grace">Time before SIGKILL.</param>
    /// <param name="hurry">Skips what is left of the grace.</param>
    Task EndAsync(TimeSpan grace, CancellationToken hurry);
}
