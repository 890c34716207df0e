using System.Threading.Channels;
using Sessiond.Hooks;

namespace Sessiond.Daemon.Tests;

/// <summary>Starts fakes, and hands each to the test; knows those of an earlier runner.</summary>
internal sealed class FakeStarter : IProcessStarter
{
    private readonly Channel<FakeProcess> _started = Channel.CreateUnbounded<FakeProcess>();
    private readonly Dictionary<string, FakeProcess> _known = [];

    internal int Count { get; private set; }

    /// <summary>The process that was adopted last.</summary>
    internal FakeProcess? Adopted { get; private set; }

    public IStartedProcess Start(ProcessRequest request, Action<ReadOnlySpan<byte>> output)
    {
        var process = new FakeProcess(request);
        lock (_known)
        {
            _known.Add(request.Key, process);
            Count++;
        }

        _started.Writer.TryWrite(process);
        return process;
    }

    public IStartedProcess? Adopt(string key, Action<ReadOnlySpan<byte>> output)
    {
        lock (_known)
        {
            // Another object: the one that the dead runner waits for never ends.
            if (!_known.TryGetValue(key, out FakeProcess? process)) return null;
            Adopted = process.Again();
            return Adopted;
        }
    }

    /// <summary>The next process that was started.</summary>
    internal ValueTask<FakeProcess> NextAsync() => _started.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The machine was restarted: nothing of before is known.</summary>
    internal void Forget()
    {
        lock (_known) _known.Clear();
    }
}
