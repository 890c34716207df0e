using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Daemon;
using Sessiond.Holder;

namespace Sessiond.Cli.Commands;

/// <summary>
/// <c>serve</c>: the holder, in the foreground; and <c>daemon</c>, its child, which takes the same options. The holder hands them on without a look: the daemon
/// reads them, and ends with a message when they are wrong.
/// </summary>
internal static class ServeCommand
{
    /// <summary>Name of the child's verb.</summary>
    public const string DaemonVerb = "daemon";

    /// <summary>The verb for people, where an option stands before it; else Main has not come this far.</summary>
    public static Command Create(CliContext context) =>
        WithOptions("serve", "Run the daemon in the foreground", context, static options => HolderProgram.Run(ArgumentsOf(options)));

    /// <summary>The daemon below a holder; not for people.</summary>
    public static Command CreateDaemon(CliContext context)
    {
        Command command = WithOptions(DaemonVerb, "What `serve` runs below itself", context, DaemonProgram.Run);
        command.Hidden = true;
        return command;
    }

    private static List<string> ArgumentsOf(ServeOptions options)
    {
        var arguments = new List<string>();
        if (options.SpecPath is { } spec) arguments.AddRange(["--spec", spec]);
        if (options.SocketPath is { } socket) arguments.AddRange(["--socket", socket]);
        if (options.StateDir is { } state) arguments.AddRange(["--state-dir", state]);
        foreach (string address in options.Listen) arguments.AddRange(["--listen", address]);
        return arguments;
    }

    private static Command WithOptions(string name, string description, CliContext context, Func<ServeOptions, int> run)
    {
        var spec = new Option<string?>("--spec") { Description = "The spec, instead of the layers", HelpName = "FILE" };
        var state = new Option<string?>("--state-dir") { Description = "Where logs and state are kept", HelpName = "FOLDER" };
        var listen = new Option<string[]>("--listen") { Description = "Listen on TCP too", HelpName = "HOST:PORT" };
        var command = new Command(name, description) { spec, state, listen };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(context.Url) is not null) throw new CliException(ExitCode.Usage, "serve takes --socket and --listen, not --url");

            // $SESSIOND_SOCKET names the daemon that this process is a child of; a second one must not take its place.
            return run(new ServeOptions
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
