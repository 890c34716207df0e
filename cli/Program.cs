using Sessiond.Cli.Commands;
using Sessiond.Cli.Output;
using Sessiond.Pty;

namespace Sessiond.Cli;

/// <summary>The one executable.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        if (args is [ExecTrampoline.Verb, ..]) return Task.FromResult(ExecTrampoline.Run());
        StandardIo.OpenMissing();
        CliOutput output = CliOutput.Standard(Environment.GetEnvironmentVariable);

        // Before anything asks for Console.Out, whose own writer would initialise the terminal (see StandardIo).
        Console.SetOut(output.Out);
        Console.SetError(output.Error);
        return new CommandLine(new CliContext(output, Environment.GetEnvironmentVariable, TimeProvider.System)).RunAsync(args);
    }
}
