using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>hooks [rerun NAME]</c>.</summary>
internal static class HooksCommand
{
    public static Command Create(CliContext context)
    {
        Option<bool> json = JsonOption.Create();
        var command = new Command("hooks", "List the lifecycle hooks and how each ended") { json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            byte[] answer = await api.ReadAsync("v1/hooks", cancellation);
            if (parsed.GetValue(json)) context.Output.WriteJson(answer);
            else Write(context.Output, ApiClient.Parse(answer, ApiJsonContext.Default.IReadOnlyListHookObject));
            return ExitCode.Done;
        });
        command.Subcommands.Add(CreateRerun(context));
        return command;
    }

    /// <summary>A hook on one line.</summary>
    public static string Describe(HookObject hook) => hook.Reason is null ? $"{hook.Name} {hook.State}" : $"{hook.Name} {hook.State}: {hook.Reason}";

    private static Command CreateRerun(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The hook's name" };
        var command = new Command("rerun", "Run a hook again") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            await api.SendEmptyAsync(HttpMethod.Post, $"v1/hooks/{Uri.EscapeDataString(parsed.GetValue(name)!)}/rerun", cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Time(HookObject hook) =>
        hook.DurationMs is { } time ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time / 1000.0:0.0} s") : "-";

    private static void Write(CliOutput output, IReadOnlyList<HookObject> hooks)
    {
        var table = new TextTable("NAME", "EVENT", "STATE", "EXIT", "TIME", "REASON");
        foreach (HookObject hook in hooks) table.Add(hook.Name, hook.Event, hook.State, hook.ExitCode?.ToString() ?? "-", Time(hook), hook.Reason ?? "");
        table.Write(output);
    }
}
