using System.CommandLine;
using Sessiond.Cli.Attach;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>connect [DEVBOX] [--session NAME]</c>.</summary>
internal static class ConnectCommand
{
    public static Command Create(CliContext context)
    {
        var session = new Option<string?>("--session") { Description = "The session; without it a picker", HelpName = "NAME" };
        var arguments = new AttachArguments();
        var command = new Command("connect", "Pick a session and attach to it") { session };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            AttachOptions options = arguments.Read(parsed, parsed.GetValue(session) ?? "");
            if (options.Name.Length == 0)
            {
                if (await PickAsync(context, api, cancellation) is not { } picked) return ExitCode.Done;
                options = options with { Name = picked };
            }

            return await AttachCommand.RunAsync(context, api, options, create: false, cancellation);
        });
        return command;
    }

    /// <summary>Lets the user pick; null when they leave it.</summary>
    private static async Task<string?> PickAsync(CliContext context, ApiClient api, CancellationToken cancellation)
    {
        IReadOnlyList<SessionObject> sessions = await api.GetAsync(SessionPath.All, ApiJsonContext.Default.IReadOnlyListSessionObject, cancellation);
        if (!context.Output.IsTerminal || !StandardIo.IsTerminal(StandardFd.Input))
        {
            string names = string.Join("\n  ", sessions.Select(one => SafeText.Of(one.Name)));
            throw new CliException(ExitCode.Usage, names.Length == 0
                ? "no terminal to pick on, and there are no sessions; `sessiond new -d` makes one"
                : $"no terminal to pick on; say --session with one of\n  {names}");
        }

        string? picked = SessionPicker.Pick(context.Output, sessions, context.Time.GetUtcNow());
        if (picked != SessionPicker.NewSession) return picked;
        var body = new CreateSession { Size = StandardIo.ReadSize(StandardFd.Output) is { } size ? new SizeObject(size.Cols, size.Rows) : null };
        byte[] made = await api.SendJsonAsync(HttpMethod.Post, SessionPath.All, body, ApiJsonContext.Default.CreateSession, cancellation);
        return ApiClient.Parse(made, ApiJsonContext.Default.SessionObject).Name;
    }
}
