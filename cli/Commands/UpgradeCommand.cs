using System.CommandLine;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>upgrade [--holder]</c>.</summary>
internal static class UpgradeCommand
{
    public static Command Create(CliContext context)
    {
        var holder = new Option<bool>("--holder") { Description = "Replace the holder too" };
        var command = new Command("upgrade", "Replace the running daemon by the binary on disk; sessions go on") { holder };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            await api.SendEmptyAsync(HttpMethod.Post, parsed.GetValue(holder) ? "v1/upgrade?holder=1" : "v1/upgrade", cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}
