namespace Sessiond.E2e.Tests.Harness;

/// <summary>Turns a pidfd that became readable into a task.</summary>
internal sealed class ExitWatch : IEpollHandler
{
    private readonly ChildProcess _child;
    private readonly TaskCompletionSource<ExitStatus> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EpollToken _token;

    internal ExitWatch(ChildProcess child)
    {
        _child = child;
        Host.Loop.Post(() => _token = Host.Loop.Register(child.PidFd, EpollEvents.Readable, this));
    }

    internal Task<ExitStatus> Exit => _exit.Task;

    public void OnReady(EpollEvents events)
    {
        Host.Loop.Unregister(_token);
        _exit.TrySetResult(_child.Reap());
    }
}
