using Sessiond.Hooks.AutoCommit;
using Sessiond.Pty;

namespace Sessiond.Daemon.Tests;

/// <summary>A git that cannot be run at first, and then finds no repository.</summary>
/// <param name="failure">The exception of the first runs.</param>
/// <param name="failures">How many these are.</param>
internal sealed class FailingGit(Type failure, int failures) : IGitProcesses
{
    private readonly TaskCompletionSource _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    /// <summary>It was run again after the last failure.</summary>
    internal Task Recovered => _recovered.Task;

    public Task<ExitStatus> RunAsync(SpawnRequest request, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _runs) <= failures) throw (Exception)Activator.CreateInstance(failure)!;
        _recovered.TrySetResult();
        return Task.FromResult(new ExitStatus(128, null));
    }
}
