using System.CommandLine;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>serve</c>: the daemon, in the foreground.</summary>
internal static class ServeCommand
{
    public static Command Create(CliContext context)
    {
        var spec = new Option<string?>("--spec") { Description = "The spec, instead of the layers", HelpName = "FILE" };
        var state = new Option<string?>("--state-dir") { Description = "Where logs and state are kept", HelpName = "FOLDER" };
        var listen = new Option<string[]>("--listen") { Description = "Listen on TCP too", HelpName = "HOST:PORT" };
        var command = new Command("serve", "Run the daemon in the foreground") { spec, state, listen };
        command.SetAction((Func<System.CommandLine.ParseResult, int>)(parsed =>
        {
            if (parsed.GetValue(context.Url) is not null) throw new CliException(ExitCode.Usage, "serve takes --socket and --listen, not --url");
            throw new CliException(ExitCode.Failed, "serve is not linked in");
        }));
        return command;
    }
}
