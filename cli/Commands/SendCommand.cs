using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>send NAME [--enter] TEXT…</c>.</summary>
internal static class SendCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> name = SessionName.Argument(context);
        var text = new Argument<string[]>("TEXT") { Description = "What to type; words are joined by spaces", Arity = ArgumentArity.ZeroOrMore };
        var enter = new Option<bool>("--enter") { Description = "Press enter after it" };
        Option<bool> json = JsonOption.Create();
        var command = new Command("send", "Type into a session without attaching") { name, enter, json, text };
        command.Validators.Add(result =>
        {
            if (result.GetValue(text) is not { Length: > 0 } && !result.GetValue(enter)) result.AddError("send needs TEXT, --enter or both");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);

            byte[] typed = Encoding.UTF8.GetBytes(string.Join(' ', parsed.GetValue(text) ?? []));
            using var content = new ByteArrayContent(typed);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

            // The daemon presses enter, as a key of its own: in one piece with text it would be part of a paste to many programs.
            string path = SessionPath.Of(parsed.GetValue(name)!, "input") + (parsed.GetValue(enter) ? "?enter=1" : "");
            using HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, path, content, cancellation);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellation);
            return Report(context.Output, answer, typed.Length + (parsed.GetValue(enter) ? 1 : 0), parsed.GetValue(json));
        });
        return command;
    }

    private static int Report(CliOutput output, byte[] answer, int wanted, bool json)
    {
        InputResult result = ApiClient.Parse(answer, ApiJsonContext.Default.InputResult);
        if (json) output.WriteJson(answer);
        if (result.Lost is { } lost) output.Complain($"{lost} bytes were lost: the terminal edits lines and keeps 4095 bytes of one");
        else if (result.Accepted < wanted) output.Complain($"{result.Accepted} of {wanted} bytes were taken: the program does not read");
        return result.Lost is null && result.Accepted == wanted ? ExitCode.Done : ExitCode.Failed;
    }
}
