using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec;

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
            SpecResult result = SpecLoader.Load(parsed.GetValue(file)!);
            foreach (SpecError error in result.Errors) context.Output.Out.WriteLine(SafeText.Of(error.ToString()));
            foreach (SpecError warning in result.Warnings)
            {
                SpecError marked = warning with { Message = $"warning: {warning.Message}" };
                context.Output.Error.WriteLine(SafeText.Of(marked.ToString()));
            }

            return result.Errors.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
