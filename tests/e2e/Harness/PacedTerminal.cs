using System.Text;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>A program on a pty of the test's own that is read when the test says so, and at no other time: a terminal at the end of a slow line.</summary>
internal sealed class PacedTerminal : IEpollHandler, IAsyncDisposable
{
    private readonly PtyMaster _master;
    private readonly ChildProcess _child;
    private readonly ExitWatch _exit;
    private Memory<byte> _buffer;
    private TaskCompletionSource<int>? _read;
    private EpollToken _token;

    private PacedTerminal(PtyMaster master, ChildProcess child)
    {
        _master = master;
        _child = child;
        _exit = new ExitWatch(child);
        Host.Loop.Post(() => _token = Host.Loop.Register(master.Fd, EpollEvents.None, this));
    }

    internal int Pid => _child.Pid;

    internal static PacedTerminal Start(IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment)
    {
        PtyMaster master = PtyMaster.Open(80, 24);
        ChildProcess child = Host.Spawner.Spawn(new SpawnRequest { Argv = argv, Environment = environment, WorkingFolder = "/tmp", SlavePath = master.SlavePath });
        return new PacedTerminal(master, child);
    }

    internal void Type(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(bytes.Length, _master.Write(bytes));
    }

    /// <summary>Reads once; 0 when the program is gone.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        var read = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Host.Loop.InvokeAsync(() =>
        {
            _buffer = buffer;
            _read = read;
            Host.Loop.Modify(_token, EpollEvents.Readable);
        });
        return await read.Task.WaitAsync(Host.Patience);
    }

    /// <summary>Reads until a text is there.</summary>
    internal async Task UntilAsync(string text)
    {
        var seen = new Transcript();
        byte[] buffer = new byte[4096];
        while (!seen.Text().Contains(text, StringComparison.Ordinal))
        {
            int count = await ReadAsync(buffer);
            Assert.True(count > 0, $"the program ended; it wrote:\n{seen.Text()}");
            seen.Add(buffer.AsSpan(0, count));
        }
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if (_read is not { } read) return;
        int count = _master.Read(_buffer.Span);
        if (count == IoResult.WouldBlock) return;
        _read = null;
        Host.Loop.Modify(_token, EpollEvents.None);
        read.SetResult(Math.Max(0, count));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_exit.Exit.IsCompleted) _child.Signal(SignalNames.Kill);
        // A program that writes to a terminal which nobody reads can be killed all the same.
        await _exit.Exit;
        await Host.Loop.InvokeAsync(() => Host.Loop.Unregister(_token));
        _master.Dispose();
        _child.Dispose();
    }
}
