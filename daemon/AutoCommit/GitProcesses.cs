using Sessiond.Hooks.AutoCommit;
using Sessiond.Pty;

namespace Sessiond.Daemon.AutoCommit;

/// <summary>Runs git's processes: the one place of auto-commit that knows where processes come from.</summary>
/// <param name="spawner">Starts them.</param>
/// <param name="loop">Waits for their ends.</param>
internal sealed class GitProcesses(Spawner spawner, EpollLoop loop) : IGitProcesses
{
    /// <summary>Git removes its lock files on SIGTERM; what needs longer does not react to it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<ExitStatus> RunAsync(SpawnRequest request, CancellationToken cancellation)
    {
        using ChildProcess child = spawner.Spawn(request);
        var watch = new EndWatch(child, loop);
        await loop.InvokeAsync(watch.Begin);
        try
        {
            return await watch.Ended.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            child.SignalGroup(SignalNames.Terminate);
        }

        try
        {
            return await watch.Ended.WaitAsync(Grace, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            child.SignalGroup(SignalNames.Kill);
            return await watch.Ended;
        }
    }

    /// <summary>Turns a pidfd that became readable into a task.</summary>
    private sealed class EndWatch(ChildProcess child, EpollLoop loop) : IEpollHandler
    {
        private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private EpollToken _token;

        internal Task<ExitStatus> Ended => _ended.Task;

        public void OnReady(EpollEvents events)
        {
            loop.Unregister(_token);
            _ended.TrySetResult(child.Reap());
        }

        internal void Begin() => _token = loop.Register(child.PidFd, EpollEvents.Readable, this);
    }
}
