using System.Text;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>A program on a pty of the test's own: what a person's terminal is to the command line.</summary>
internal sealed class PtyProgram : IEpollHandler, IAsyncDisposable
{
    /// <summary>What the command line writes first once it has its terminal in raw mode: XTWINOPS 22, the title is kept.</summary>
    internal const string Attached = "\e[22;0t";

    private readonly PtyMaster _master;
    private readonly ChildProcess _child;
    private readonly ExitWatch _exit;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private EpollToken _token;

    private PtyProgram(PtyMaster master, ChildProcess child)
    {
        _master = master;
        _child = child;
        _exit = new ExitWatch(child, () =>
        {
            while (ReadOnce() > 0)
            {
            }
        });
        Host.Loop.Post(() => _token = Host.Loop.Register(master.Fd, EpollEvents.Readable, this));
    }

    /// <summary>Everything that the program wrote to its terminal.</summary>
    internal Transcript Output { get; } = new();

    internal int Pid => _child.Pid;

    /// <summary>The end of the program; what it wrote is in <see cref="Output"/> by then.</summary>
    internal Task<ExitStatus> Exit => _exit.Exit;

    internal static PtyProgram Start(IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment, int columns = 80, int rows = 24)
    {
        PtyMaster master = PtyMaster.Open(columns, rows);
        ChildProcess child = Host.Spawner.Spawn(new SpawnRequest
        {
            Argv = argv,
            Environment = environment,
            WorkingFolder = "/tmp",
            SlavePath = master.SlavePath,
        });
        return new PtyProgram(master, child);
    }

    internal Task<int> UntilAsync(string text, int from = 0) => Output.UntilAsync(text, from);

    internal void Type(string text) => Type(Encoding.UTF8.GetBytes(text));

    internal void Type(byte[] bytes) => Assert.Equal(bytes.Length, _master.Write(bytes));

    /// <summary>Types a paste of many bytes and a text behind it, as a terminal does: as quickly as the program takes them.</summary>
    internal async Task PasteAsync(int count, string behind)
    {
        byte[] text = [.. Enumerable.Repeat((byte)'x', count), .. Encoding.UTF8.GetBytes(behind)];
        int typed = 0;
        await Eventually.TrueAsync(
            () =>
            {
                int written = 1;
                while (typed < text.Length && (written = _master.Write(text.AsSpan(typed))) > 0) typed += written;
                return Task.FromResult(typed == text.Length);
            },
            () => $"all is pasted; {text.Length - typed} of {text.Length} bytes are left");
    }

    internal void Resize(int columns, int rows) => _master.Resize(columns, rows);

    /// <summary>Sends a signal to this process alone.</summary>
    internal void Signal(int signal) => _child.Signal(signal);

    /// <summary>The exit status as a shell gives it.</summary>
    internal async Task<int> ExitCodeAsync()
    {
        if (await Task.WhenAny(Exit, Task.Delay(Host.Patience)) != Exit) throw new TimeoutException($"the program goes on; it wrote:\n{Output.Text()}");
        return (await Exit).ShellCode;
    }

    public void OnReady(EpollEvents events)
    {
        if (ReadOnce() != IoResult.End) return;
        Host.Loop.Unregister(_token);
        Output.End();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exit.IsCompleted) _child.Signal(SignalNames.Kill);
        await Exit;
        await Host.Loop.InvokeAsync(() => Host.Loop.Unregister(_token));
        _master.Dispose();
        _child.Dispose();
    }

    private int ReadOnce()
    {
        int count = _master.Read(_buffer);
        if (count > 0) Output.Add(_buffer.AsSpan(0, count));
        return count;
    }
}
