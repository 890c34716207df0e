using System.CommandLine;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>check FILE</c>.</summary>
internal static class CheckCommand
{
    public static Command Create(CliContext context)
    {
        var file = new Argument<string>("FILE") { Description = "The spec" };
        var command = new Command("check", "Validate a spec: FILE:LINE:COL: message, one a line") { file };
        command.SetAction(parsed =>
        {
            _ = parsed.GetValue(file);
            context.Output.Complain("check is not linked in");
            return ExitCode.Failed;
        });
        return command;
    }
}
