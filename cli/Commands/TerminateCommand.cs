using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>terminate NAME [--force]</c>.</summary>
internal static class TerminateCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> name = SessionName.Argument(context);
        var force = new Option<bool>("--force") { Description = "Even when work in its own workspace would be lost" };
        Option<bool> json = JsonOption.Create();
        var command = new Command("terminate", "End the session's processes and remove it") { name, force, json };
        command.Aliases.Add("delete");
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            string path = SessionPath.Of(parsed.GetValue(name)!) + (parsed.GetValue(force) ? "?force=1" : "");
            byte[] answer = await api.SendEmptyAsync(HttpMethod.Delete, path, cancellation);
            if (parsed.GetValue(json)) context.Output.WriteJson(answer);
            return Report(context.Output, ApiClient.Parse(answer, ApiJsonContext.Default.TerminateResult), parsed.GetValue(json));
        });
        return command;
    }

    private static int Report(CliOutput output, TerminateResult result, bool json)
    {
        if (!json && output.IsTerminal)
        {
            foreach (KilledProcess process in result.Killed)
            {
                output.Out.WriteLine(SafeText.Of($"ended {process.Pid} {process.Command} ({process.Signal})"));
            }
        }

        foreach (KilledProcess process in result.Left) output.Complain(SafeText.Of($"still there: {process.Pid} {process.Command}"));
        return result.Left.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
