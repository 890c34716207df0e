using System.CommandLine;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>logs NAME [--follow] [--format …] [--run N] [--output FILE]</c>.</summary>
internal static class LogsCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> name = SessionName.Argument(context);
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as more is printed" };
        var format = new Option<string>("--format") { Description = "text has no escape sequences, raw has all, cast is asciicast v2", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "raw", "cast");
        var run = new Option<int>("--run") { Description = "Of an earlier life of the devbox: 1 for the one before this", HelpName = "N" };
        run.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0) result.AddError("--run takes 0 for now, 1 for the life before this one, and so on");
        });
        var file = new Option<string?>("--output", "-o") { Description = "Write to a file", HelpName = "FILE" };
        var command = new Command("logs", "Print everything that a session printed") { name, follow, format, run, file };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            string query = $"logs?format={parsed.GetValue(format)}&follow={(parsed.GetValue(follow) ? 1 : 0)}&run={parsed.GetValue(run)}";
            await BodyCopy.RunAsync(api, SessionPath.Of(parsed.GetValue(name)!, query), context.Output, parsed.GetValue(file), cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}
