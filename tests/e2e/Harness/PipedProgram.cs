using System.IO.Pipes;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>A program whose output and errors go into a pipe, with no terminal.</summary>
internal sealed class PipedProgram : IAsyncDisposable
{
    // What it left running may hold the pipe; a test that is about that has no output to wait for.
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(1);

    private readonly ChildProcess _child;
    private readonly ExitWatch _exit;
    private readonly AnonymousPipeServerStream _pipe;
    private readonly Thread _reader;

    private PipedProgram(ChildProcess child, AnonymousPipeServerStream pipe)
    {
        _child = child;
        _pipe = pipe;
        _exit = new ExitWatch(child);
        _reader = new Thread(Read) { Name = $"output of {child.Pid}", IsBackground = true };
        _reader.Start();
    }

    internal Transcript Output { get; } = new();

    internal int Pid => _child.Pid;

    internal Task<ExitStatus> Exit => _exit.Exit;

    internal static PipedProgram Start(IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment, string folder = "/tmp")
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using SafeFd writeEnd = pipe.TakeClientEnd();
        ChildProcess child = Host.Spawner.Spawn(new SpawnRequest { Argv = argv, Environment = environment, WorkingFolder = folder, Output = writeEnd });
        return new PipedProgram(child, pipe);
    }

    internal void Signal(int signal) => _child.Signal(signal);

    internal async Task<int> ExitCodeAsync()
    {
        await EndAsync().WaitAsync(Host.Patience);
        return (await Exit).ShellCode;
    }

    /// <summary>Waits for the end of the program and of what it wrote: the one may be seen before the other.</summary>
    internal async Task EndAsync()
    {
        await Exit;
        await Task.WhenAny(Output.EndAsync(), Task.Delay(OutputPatience));
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exit.IsCompleted) _child.Signal(SignalNames.Kill);
        await Exit;
        _child.Dispose();
    }

    private void Read()
    {
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = _pipe.Read(buffer)) > 0) Output.Add(buffer.AsSpan(0, count));
        Output.End();
        _pipe.Dispose();
    }
}
