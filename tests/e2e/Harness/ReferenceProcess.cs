using System.IO.Pipes;

namespace Sessiond.Terminal.Tests;

/// <summary>
/// One node process that shows streams: a line of JSON in, one out. Started by the harness: <see cref="System.Diagnostics.Process"/> ends a test run whose reaper
/// was quicker than itself. In the namespace of tests/terminal, whose XtermReference is compiled here too and finds this one.
/// </summary>
internal sealed class ReferenceProcess : IDisposable
{
    private readonly StreamWriter _input;
    private readonly StreamReader _output;
    private readonly ChildProcess _child;

    /// <summary>Starts it in the folder of reference.mjs.</summary>
    internal ReferenceProcess(string folder)
    {
        var input = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using SafeFd readEnd = input.TakeClientEnd();
        using SafeFd writeEnd = output.TakeClientEnd();
        _child = Host.Spawner.Spawn(new SpawnRequest
        {
            Argv = ["node", "reference.mjs"],
            Environment = Host.Environ(("PATH", Environment.GetEnvironmentVariable("PATH")!)),
            WorkingFolder = folder,
            Input = readEnd,
            Output = writeEnd,
        });
        _input = new StreamWriter(input) { AutoFlush = true };
        _output = new StreamReader(output);
    }

    /// <summary>Says a line and waits for the answer; null when the process ended.</summary>
    internal string? Ask(string line)
    {
        _input.WriteLine(line);
        return _output.ReadLine();
    }

    public void Dispose()
    {
        _input.Dispose();
        // It reads to the end of its input and writes nothing more.
        _output.ReadToEnd();
        _output.Dispose();
        // The reaper has it from here on.
        _child.Dispose();
    }
}
