using System.CommandLine;
using Sessiond.Cli.Attach;
using Sessiond.Cli.Client;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>attach NAME</c>.</summary>
internal static class AttachCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> name = SessionName.Argument(context);
        var create = new Option<bool>("--create") { Description = "Make the session when there is none" };
        var arguments = new AttachArguments();
        var command = new Command("attach", @"Show a session on this terminal; ctrl-\ detaches") { name, create };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            AttachOptions options = arguments.Read(parsed, parsed.GetValue(name)!);
            using ApiClient api = context.Open(parsed);
            return await RunAsync(context, api, options, parsed.GetValue(create), cancellation);
        });
        return command;
    }

    /// <summary>Attaches to a session; makes it first where that is wanted and it is not there.</summary>
    public static async Task<int> RunAsync(CliContext context, ApiClient api, AttachOptions options, bool create, CancellationToken cancellation)
    {
        RefuseOwnSession(context, api.Endpoint, options.Name);
        OuterTerminal terminal = OuterTerminal.Standard();
        try
        {
            return await new AttachClient(api, options, terminal, context.Output.Error).RunAsync(cancellation);
        }
        catch (CliException e) when (create && e.ExitCode == ExitCode.NoSuchSession)
        {
            await CreateAsync(api, options.Name, terminal, cancellation);
        }

        return await new AttachClient(api, options, terminal, context.Output.Error).RunAsync(cancellation);
    }

    private static async Task CreateAsync(ApiClient api, string name, OuterTerminal terminal, CancellationToken cancellation)
    {
        var body = new CreateSession { Name = name, Size = terminal.Size is { } size ? new SizeObject(size.Cols, size.Rows) : null };
        try
        {
            await api.SendJsonAsync(HttpMethod.Post, SessionPath.All, body, ApiJsonContext.Default.CreateSession, cancellation, ExitCode.Busy);
        }
        catch (CliException e) when (e.ExitCode == ExitCode.Busy)
        {
            // Somebody else made it in between: so much the better.
        }
    }

    /// <summary>A session that shows itself would print what it prints, for ever.</summary>
    private static void RefuseOwnSession(CliContext context, Endpoint endpoint, string name)
    {
        if (context.Environment("SESSIOND_SESSION") != name || context.Environment("SESSIOND_SOCKET") is not { Length: > 0 } own) return;
        if (endpoint.Sockets.Any(socket => RealPath(socket) == RealPath(own)))
        {
            throw new CliException(ExitCode.Usage, $"this is session {name}: a session cannot be attached to itself");
        }
    }

    private static string RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            string folder = Path.GetDirectoryName(full) ?? "/";
            FileSystemInfo? target = Directory.ResolveLinkTarget(folder, returnFinalTarget: true);
            return target is null ? full : Path.Combine(target.FullName, Path.GetFileName(full));
        }
        catch (IOException)
        {
            return full;
        }
    }
}
