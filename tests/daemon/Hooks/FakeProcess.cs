using Sessiond.Hooks;
using Sessiond.Pty;

namespace Sessiond.Daemon.Tests;

/// <summary>A process that ends when the test says so.</summary>
internal sealed class FakeProcess(ProcessRequest request) : IStartedProcess
{
    private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Pid => 1;

    public Task<ExitStatus> Ended => _ended.Task;

    internal string Key => request.Key;

    /// <summary>The hook's name: fakes run a hook whose command is its name.</summary>
    internal string Command => request.Argv[0];

    public Task EndAsync(TimeSpan grace, CancellationToken hurry)
    {
        _ended.TrySetResult(new ExitStatus(null, SignalNames.Terminate));
        return Task.CompletedTask;
    }

    /// <summary>The same process, as another daemon sees it.</summary>
    internal FakeProcess Again() => new(request);

    public void Release()
    {
    }

    internal void Exit(int code) => _ended.SetResult(new ExitStatus(code, null));
}
