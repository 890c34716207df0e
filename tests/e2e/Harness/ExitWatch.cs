namespace Sessiond.E2e.Tests.Harness;

/// <summary>Turns a pidfd that became readable into a task.</summary>
internal sealed class ExitWatch : IEpollHandler
{
    private readonly ChildProcess _child;
    private readonly Action? _readRest;
    private readonly TaskCompletionSource<ExitStatus> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EpollToken _token;

    /// <param name="child">Whose exit it is.</param>
    /// <param name="readRest">Reads what it wrote to its end: an exit may be seen before the output is. Called on the loop's thread.</param>
    internal ExitWatch(ChildProcess child, Action? readRest = null)
    {
        _child = child;
        _readRest = readRest;
        Host.Loop.Post(() => _token = Host.Loop.Register(child.PidFd, EpollEvents.Readable, this));
    }

    internal Task<ExitStatus> Exit => _exit.Task;

    public void OnReady(EpollEvents events)
    {
        Host.Loop.Unregister(_token);
        _readRest?.Invoke();
        _exit.TrySetResult(_child.Reap());
    }
}
