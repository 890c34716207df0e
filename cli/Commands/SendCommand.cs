using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>send NAME [--enter] TEXT…</c>.</summary>
internal static class SendCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> name = SessionName.Argument(context);
        var text = new Argument<string[]>("TEXT") { Description = "What to type; words are joined by spaces", Arity = ArgumentArity.ZeroOrMore };
        var enter = new Option<bool>("--enter") { Description = "Press enter after it" };
        var command = new Command("send", "Type into a session without attaching") { name, enter, text };
        command.Validators.Add(result =>
        {
            if (result.GetValue(text) is not { Length: > 0 } && !result.GetValue(enter)) result.AddError("send needs TEXT, --enter or both");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);

            // The enter key sends CR; the terminal's line discipline makes of it what the program wants.
            string typed = string.Join(' ', parsed.GetValue(text) ?? []) + (parsed.GetValue(enter) ? "\r" : "");
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(typed));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using HttpResponseMessage _ = await api.SendAsync(HttpMethod.Post, SessionPath.Of(parsed.GetValue(name)!, "input"), content, cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}
