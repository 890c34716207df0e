using Sessiond.Pty;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Runs git and what belongs to it. Whoever owns the processes of the machine implements it.</summary>
public interface IGitProcesses
{
    /// <summary>Runs a program to its end. Any thread.</summary>
    /// <param name="request">What to run; its descriptors stay the caller's.</param>
    /// <param name="cancellation">
    /// Ends it: SIGTERM to its group, on which git removes its lock files, and SIGKILL to what is left after some seconds. The exit status is still returned.
    /// </param>
    /// <exception cref="IOException">It could not be started.</exception>
    Task<ExitStatus> RunAsync(SpawnRequest request, CancellationToken cancellation);
}
