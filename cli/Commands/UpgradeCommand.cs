using System.CommandLine;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>upgrade [--binary PATH] [--holder]</c>.</summary>
internal static class UpgradeCommand
{
    public static Command Create(CliContext context)
    {
        var holder = new Option<bool>("--holder") { Description = "Replace the holder too" };
        var binary = new Option<string?>("--binary") { Description = "Another binary than the one on disk", HelpName = "FILE" };
        var command = new Command("upgrade", "Replace the running daemon by the binary on disk; sessions go on") { binary, holder };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            string path = parsed.GetValue(binary) is { } file ? Path.GetFullPath(file) : "";
            string query = $"binary={Uri.EscapeDataString(path)}&holder={(parsed.GetValue(holder) ? 1 : 0)}";
            await api.SendEmptyAsync(HttpMethod.Post, $"v1/upgrade?{query}", cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}
