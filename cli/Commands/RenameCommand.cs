using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>rename OLD NEW</c>.</summary>
internal static class RenameCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> old = SessionName.Argument(context, "OLD");
        var name = new Argument<string>("NEW") { Description = "The new name" };
        var command = new Command("rename", "Give a session another name") { old, name };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            var patch = new PatchSession { Name = parsed.GetValue(name) };
            await api.SendJsonAsync(HttpMethod.Patch, SessionPath.Of(parsed.GetValue(old)!), patch, ApiJsonContext.Default.PatchSession, cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}
