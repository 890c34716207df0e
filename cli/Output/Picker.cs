using Sessiond.Pty;
using Spectre.Console;

namespace Sessiond.Cli.Output;

/// <summary>Lets the user choose one of several on their terminal.</summary>
internal static class Picker
{
    private const int SmallestPage = 3;
    private const int RowsAroundPage = 6;
    private const int UsualRows = 24;

    /// <summary>Shows the choices; typing searches, escape leaves.</summary>
    /// <param name="output">The terminal.</param>
    /// <param name="title">The question.</param>
    /// <param name="choices">A key and a line for each.</param>
    /// <returns>The key, or null when the user left.</returns>
    public static string? Pick(CliOutput output, string title, IReadOnlyList<(string Key, string Line)> choices)
    {
        TtySize? size = StandardIo.ReadSize(StandardFd.Output);
        Dictionary<string, string> lines = choices.ToDictionary(choice => choice.Key, choice => Markup.Escape(SafeText.Of(choice.Line)));
        SelectionPrompt<string> prompt = new SelectionPrompt<string>()
            .Title(Markup.Escape(title))
            .PageSize(Math.Max(SmallestPage, (size?.Rows ?? UsualRows) - RowsAroundPage))
            .EnableSearch()
            .UseConverter(key => lines[key])
            .AddChoices(choices.Select(choice => choice.Key));

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
            output.Out.Write("\r\e[J");
            output.Out.Flush();
        }
    }
}
