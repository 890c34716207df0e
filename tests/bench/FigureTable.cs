using System.Globalization;
using System.Text;

namespace Sessiond.Bench;

/// <summary>The result: a Markdown table.</summary>
internal sealed class FigureTable
{
    private static readonly string[] Head = ["figure", "unit", "raw", "sessiond", "ratio", "tmux", "ratio", "dtach", "ratio"];

    private readonly List<Figure> _figures = [];

    /// <summary>The row of that name; made when it is new.</summary>
    internal Figure Row(string name, string unit)
    {
        if (_figures.Find(figure => figure.Name == name) is { } known) return known;
        var figure = new Figure(name, unit);
        _figures.Add(figure);
        return figure;
    }

    internal string Render()
    {
        string[][] rows = [Head, .. _figures.Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        for (int i = 0; i < rows.Length; i++)
        {
            text.AppendLine("| " + string.Join(" | ", rows[i].Select((cell, column) => Pad(cell, widths[column], column))) + " |");
            if (i == 0) text.AppendLine("|" + string.Join("|", widths.Select((width, column) => Rule(width, column))) + "|");
        }

        return text.ToString();
    }

    private static string Pad(string cell, int width, int column) => column < 2 ? cell.PadRight(width) : cell.PadLeft(width);

    private static string Rule(int width, int column) => column < 2 ? new string('-', width + 2) : new string('-', width + 1) + ":";

    private static string[] Cells(Figure figure)
    {
        double? raw = figure.Median(Column.Raw);
        var cells = new List<string> { figure.Name, figure.Unit, Number(raw) };
        foreach (Column column in (Column[])[Column.Sessiond, Column.Tmux, Column.Dtach])
        {
            double? median = figure.Median(column);
            cells.Add(Number(median));
            cells.Add(raw is > 0 && median is not null ? (median / raw).Value.ToString("0.00", CultureInfo.InvariantCulture) : "–");
        }

        return [.. cells];
    }

    private static string Number(double? value) => value switch
    {
        null => "–",
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
