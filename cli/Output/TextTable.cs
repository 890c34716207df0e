using Sessiond.Pty;
using Spectre.Console;

namespace Sessiond.Cli.Output;

/// <summary>Rows under headings: aligned on a terminal, separated by tabs in a pipe. Cells are made harmless here.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row with as many cells as there are headings.</summary>
    public void Add(params string[] cells) => _rows.Add(Array.ConvertAll(cells, SafeText.Of));

    /// <summary>Prints the table.</summary>
    public void Write(CliOutput output)
    {
        if (output.IsTerminal) WriteAligned(output);
        else WriteTabbed(output.Out);
    }

    private void WriteTabbed(TextWriter writer)
    {
        writer.WriteLine(string.Join('\t', headings));
        foreach (string[] row in _rows) writer.WriteLine(string.Join('\t', row));
    }

    private void WriteAligned(CliOutput output)
    {
        Table table = new Table().NoBorder().Collapse();
        Style heading = output.Color ? new Style(decoration: Decoration.Bold) : Style.Plain;
        foreach (string text in headings)
        {
            table.AddColumn(new TableColumn(new Text(text, heading)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (string[] row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(cell) { Overflow = Overflow.Ellipsis }));
        }

        TerminalConsole.Create(output, StandardIo.ReadSize(StandardFd.Output)).Write(table);
    }
}
