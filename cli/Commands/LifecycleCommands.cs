using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>start</c>, <c>stop</c>, <c>restart</c>, <c>pause</c> and <c>resume</c>: one route each, the same answer.</summary>
internal static class LifecycleCommands
{
    private static readonly (string Verb, string Description)[] Verbs =
    [
        ("start", "Run the session's program again"),
        ("stop", "End its processes and keep the session"),
        ("restart", "Stop and start"),
        ("pause", "Freeze its processes"),
        ("resume", "Let frozen processes go on"),
    ];

    public static IEnumerable<Command> Create(CliContext context) => Verbs.Select(verb => Create(context, verb.Verb, verb.Description));

    private static Command Create(CliContext context, string verb, string description)
    {
        Argument<string> name = SessionName.Argument(context);
        Option<bool> json = JsonOption.Create();
        var command = new Command(verb, description) { name, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            byte[] answer = await api.SendEmptyAsync(HttpMethod.Post, SessionPath.Of(parsed.GetValue(name)!, verb), cancellation);
            if (parsed.GetValue(json))
            {
                context.Output.WriteJson(answer);
                return ExitCode.Done;
            }

            SessionObject session = ApiClient.Parse(answer, ApiJsonContext.Default.SessionObject);
            await context.Output.Out.WriteLineAsync(SafeText.Of($"{session.Name}: {SessionText.State(session)}"));
            return ExitCode.Done;
        });
        return command;
    }
}
