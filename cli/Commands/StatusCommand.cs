using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(CliContext context)
    {
        Option<bool> json = JsonOption.Create();
        var command = new Command("status", "Show the state of the devbox") { json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            byte[] answer = await api.ReadAsync("v1/status", cancellation);
            if (parsed.GetValue(json)) context.Output.WriteJson(answer);
            else Write(context, ApiClient.Parse(answer, ApiJsonContext.Default.StatusObject));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(CliContext context, StatusObject status)
    {
        Line("state", status.Reason is null ? status.State : $"{status.State}: {status.Reason}");
        Line("sessions", status.Sessions.ToString());
        if (status.Degraded.Count > 0) Line("degraded", string.Join(", ", status.Degraded));
        Line("version", status.Outdated ? $"{status.Version} ({status.Build}); the binary on disk is another: `sessiond upgrade`" : $"{status.Version} ({status.Build})");
        Line("up", SessionText.Age(context.Time.GetUtcNow() - status.StartedAt));
        Line("persistent", status.Persistent ? "yes" : "no");
        foreach ((string key, string value) in status.Labels) Line("label", $"{key}={value}");
        foreach (HookObject hook in status.Hooks) Line("hook", HooksCommand.Describe(hook));
        foreach (string warning in status.Warnings) Line("warning", warning);

        void Line(string key, string value)
        {
            string text = SafeText.Of(value);
            context.Output.Out.WriteLine(context.Output.IsTerminal ? $"{key,-11}{text}" : $"{key}\t{text}");
        }
    }
}
