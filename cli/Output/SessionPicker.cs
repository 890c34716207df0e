using Sessiond.Pty;
using Sessiond.Spec.Api;
using Spectre.Console;

namespace Sessiond.Cli.Output;

/// <summary>Lets the user choose a session on their terminal.</summary>
internal static class SessionPicker
{
    /// <summary>What <see cref="Pick"/> gives for "a new one"; no session can bear this name.</summary>
    internal const string NewSession = "";

    private const int SmallestPage = 3;
    private const int RowsAroundPage = 3;

    /// <summary>Shows the sessions; typing searches.</summary>
    /// <returns>A name, <see cref="NewSession"/>, or null when the user left.</returns>
    public static string? Pick(CliOutput output, IReadOnlyList<SessionObject> sessions, DateTimeOffset now)
    {
        TtySize? size = StandardIo.ReadSize(StandardFd.Output);
        var lines = sessions.ToDictionary(one => one.Name, one => LineOf(one, now));
        SelectionPrompt<string> prompt = new SelectionPrompt<string>()
            .Title("Attach to which session?")
            .PageSize(Math.Max(SmallestPage, (size?.Rows ?? 24) - RowsAroundPage))
            .EnableSearch()
            .UseConverter(name => Markup.Escape(name == NewSession ? "new session …" : lines[name]))
            .AddChoices(sessions.Select(one => one.Name).Append(NewSession));

        using var reader = new TtyReader(StandardFd.Input);
        using RawMode? raw = RawMode.TryEnter(StandardFd.Input);
        var console = new PickerConsole(TerminalConsole.Create(output, size), new PickerKeys(output, reader));
        try
        {
            return prompt.Show(console);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            console.Cursor.Show(true);
            output.Out.Write('\r');
            output.Out.Flush();
        }
    }

    private static string LineOf(SessionObject session, DateTimeOffset now)
    {
        string title = string.IsNullOrEmpty(session.Title) ? "" : $"  {session.Title}";
        string attached = session.Attached ? $", attached: {SessionText.Attached(session)}" : "";
        return SafeText.Of($"{session.Name}  ({SessionText.State(session)}, {SessionText.Age(now - session.CreatedAt)}{attached}){title}");
    }
}
