using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Daemon;

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
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(context.Url) is not null) throw new CliException(ExitCode.Usage, "serve takes --socket and --listen, not --url");

            // $SESSIOND_SOCKET names the daemon that this process is a child of; a second one must not take its place.
            return DaemonProgram.Run(new ServeOptions
            {
                SpecPath = parsed.GetValue(spec),
                SocketPath = parsed.GetValue(context.Socket),
                StateDir = parsed.GetValue(state),
                Listen = parsed.GetValue(listen) ?? [],
            });
        });
        return command;
    }
}
