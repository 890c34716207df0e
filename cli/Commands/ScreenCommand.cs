using System.CommandLine;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>screen NAME [--format …]</c>.</summary>
internal static class ScreenCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> name = SessionName.Argument(context);
        var format = new Option<string>("--format") { Description = "text, ansi, json or html", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "ansi", "json", "html");
        var command = new Command("screen", "Print what is on a session's screen now") { name, format };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            string path = SessionPath.Of(parsed.GetValue(name)!, $"screen?format={parsed.GetValue(format)}");
            await BodyCopy.RunAsync(api, path, context.Output, null, cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}
