using System.Threading.Channels;
using Sessiond.Hooks;

namespace Sessiond.Daemon.Tests;

/// <summary>Starts fakes, and hands each to the test; knows those of an earlier runner.</summary>
internal sealed class FakeStarter : IProcessStarter
{
    private readonly Channel<FakeProcess> _started = Channel.CreateUnbounded<FakeProcess>();
    private readonly Dictionary<string, FakeProcess> _known = [];

    internal int Count { get; private set; }

    /// <summary>Called when a process is about to be started, before it is known.</summary>
    internal Action OnStart { get; set; } = static () => { };

    /// <summary>Completes, with nothing, when a process that is adopted has executed; null: it has.</summary>
    internal Task? Executes { get; set; }

    /// <summary>The process that was adopted last.</summary>
    internal FakeProcess? Adopted { get; private set; }

    public IStartedProcess Start(ProcessRequest request, Action<ReadOnlySpan<byte>> output)
    {
        OnStart();
        var process = new FakeProcess(request);
        lock (_known)
        {
            _known.Add(request.Key, process);
            Count++;
        }

        _started.Writer.TryWrite(process);
        return process;
    }

    public Task<IStartedProcess>? Adopt(string key, Action<ReadOnlySpan<byte>> output)
    {
        lock (_known)
        {
            // Another object: the one that the dead runner waits for never ends.
            if (!_known.TryGetValue(key, out FakeProcess? process)) return null;
            Adopted = process.Again();
            return AfterExecAsync(Adopted);
        }
    }

    /// <summary>The next process that was started.</summary>
    internal ValueTask<FakeProcess> NextAsync() => _started.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The holder was never told to start what was started.</summary>
    internal void Forget()
    {
        lock (_known) _known.Clear();
    }

    private async Task<IStartedProcess> AfterExecAsync(FakeProcess process)
    {
        if (Executes is { } executes) await executes;
        return process;
    }
}
