using System.Text;
using Sessiond.Pty;
using Spectre.Console;

namespace Sessiond.Cli.Output;

/// <summary>Spectre.Console on our own writer and winsize: its defaults would read the terminal through System.Console.</summary>
internal static class TerminalConsole
{
    /// <summary>A console that renders onto <paramref name="output"/>.</summary>
    public static IAnsiConsole Create(CliOutput output, TtySize? size) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = output.IsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = output.Color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = output.IsTerminal ? InteractionSupport.Yes : InteractionSupport.No,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        Out = new SizedOutput(output.Out, size ?? new TtySize(80, 24, 0, 0)),
    });

    private sealed class SizedOutput(TextWriter writer, TtySize size) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => size.Cols;

        public int Height => size.Rows;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
