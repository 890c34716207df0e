using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>list</c>.</summary>
internal static class ListCommand
{
    public static Command Create(CliContext context)
    {
        Option<bool> json = JsonOption.Create();
        var command = new Command("list", "List the sessions") { json };
        command.Aliases.Add("ls");
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            byte[] answer = await api.ReadAsync(SessionPath.All, cancellation);
            if (parsed.GetValue(json)) context.Output.WriteJson(answer);
            else Write(context, ApiClient.Parse(answer, ApiJsonContext.Default.IReadOnlyListSessionObject));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(CliContext context, IReadOnlyList<SessionObject> sessions)
    {
        if (sessions.Count == 0 && context.Output.IsTerminal)
        {
            context.Output.Out.WriteLine("No sessions. `sessiond new` makes one.");
            return;
        }

        DateTimeOffset now = context.Time.GetUtcNow();
        var table = new TextTable("NAME", "STATE", "ATTACHED", "PID", "SIZE", "AGE", "COMMAND", "TITLE");
        foreach (SessionObject session in sessions)
        {
            table.Add(
                session.Name,
                SessionText.State(session),
                SessionText.Attached(session),
                session.Pid?.ToString() ?? "-",
                $"{session.Size.Cols}x{session.Size.Rows}",
                SessionText.Age(now - session.CreatedAt),
                session.Command?.ToString() ?? "(shell)",
                session.Title ?? "");
        }

        table.Write(context.Output);
    }
}
