using Sessiond.Cli.Commands;
using Sessiond.Cli.Output;
using Sessiond.Holder;
using Sessiond.Pty;

namespace Sessiond.Cli;

/// <summary>The one executable.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        if (args is [ExecTrampoline.Verb, ..]) return Task.FromResult(ExecTrampoline.Run());
        if (args is [HolderProgram.CheckVerb, ..]) return Task.FromResult(HolderProgram.Check());
        StandardIo.OpenMissing();
        // Before the command line, whose pages the holder would carry for good: the daemon looks at the options.
        if (args is ["serve", ..] && !args.Any(argument => argument is "--help" or "-h" or "-?")) return Task.FromResult(HolderProgram.Run(args[1..]));
        CliOutput output = CliOutput.Standard(Environment.GetEnvironmentVariable);

        // Before anything asks for Console.Out, whose own writer would initialise the terminal (see StandardIo).
        Console.SetOut(output.Out);
        Console.SetError(output.Error);
        return new CommandLine(new CliContext(output, Environment.GetEnvironmentVariable, TimeProvider.System)).RunAsync(args);
    }
}
