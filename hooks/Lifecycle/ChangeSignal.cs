namespace Sessiond.Hooks;

/// <summary>Wakes everybody who waits for something to have changed, who then looks for themselves.</summary>
public sealed class ChangeSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the next change. To be taken before looking, so that no change falls in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Something changed. Any thread.</summary>
    public void Pulse() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
