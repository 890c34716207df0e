using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>wait NAME --exit|--idle D|--text RE|--prompt [--timeout D]</c>.</summary>
internal static class WaitCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> name = SessionName.Argument(context);
        var exit = new Option<bool>("--exit") { Description = "Until its program ends" };
        var idle = new Option<string?>("--idle") { Description = "Until it has printed nothing for so long, such as 2s", HelpName = "DURATION" };
        var text = new Option<string?>("--text") { Description = "Until it prints text that matches", HelpName = "REGEX" };
        var prompt = new Option<bool>("--prompt") { Description = "Until its shell is at a prompt" };
        var since = new Option<long?>("--since") { Description = "For --text: only what was printed from this offset on (send prints it with --json)", HelpName = "OFFSET" };
        var timeout = new Option<string?>("--timeout") { Description = "Give up (124) after so long, such as 30s", HelpName = "DURATION" };
        Option<bool> json = JsonOption.Create();
        var command = new Command("wait", "Wait for something to happen in a session") { name, exit, idle, text, prompt, since, timeout, json };
        command.Validators.Add(result =>
        {
            bool[] wanted = [result.GetValue(exit), result.GetValue(idle) is not null, result.GetValue(text) is not null, result.GetValue(prompt)];
            if (wanted.Count(one => one) != 1) result.AddError("wait needs one of --exit, --idle, --text and --prompt");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            string? pattern = parsed.GetValue(text);
            string? quiet = parsed.GetValue(idle);
            string until = parsed.GetValue(exit) ? "exit" : parsed.GetValue(prompt) ? "prompt" : quiet is not null ? "idle" : "text";
            var body = new WaitRequest { Until = until, Pattern = pattern, Idle = quiet, Since = parsed.GetValue(since), Timeout = parsed.GetValue(timeout) };
            using ApiClient api = context.Open(parsed);
            byte[] answer = await api.SendJsonAsync(
                HttpMethod.Post, SessionPath.Of(parsed.GetValue(name)!, "wait"), body, ApiJsonContext.Default.WaitRequest, cancellation);
            return Report(context.Output, answer, parsed.GetValue(json));
        });
        return command;
    }

    private static int Report(CliOutput output, byte[] answer, bool json)
    {
        WaitResult result = ApiClient.Parse(answer, ApiJsonContext.Default.WaitResult);
        if (json) output.WriteJson(answer);
        else if (!result.Met) output.Complain(result.ExitCode is { } code ? $"the program ended before: exit {code}" : "timed out");
        else if (result.Match is not null) output.Out.WriteLine(SafeText.Of(result.Match));
        else if (result.ExitCode is not null) output.Out.WriteLine($"exit {result.ExitCode}");
        if (result.Met) return ExitCode.Done;
        return result.ExitCode is null ? ExitCode.TimedOut : ExitCode.Failed;
    }
}
