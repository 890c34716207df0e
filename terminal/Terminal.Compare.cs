using System.Text;

namespace Sessiond.Vt;

/// <content>The state in the terms that every terminal has, for comparing with another engine.</content>
public sealed partial class Terminal
{
    internal string DescribeForComparison()
    {
        var text = new StringBuilder();
        text.Append(Invariant($"cursor {_row},{_column} pending={(_pendingWrap ? "true" : "false")} alternate={(AlternateScreen ? "true" : "false")} shape={CursorShapeName}\n"));
        text.Append(Invariant($"margins {_top}-{_bottom}\n"));
        string modes = string.Concat(((ReadOnlySpan<Mode>)[Mode.CursorKeys, Mode.ApplicationKeypad, Mode.BracketedPaste, Mode.Insert, Mode.Origin, Mode.FocusEvents, Mode.AutoWrap, Mode.CursorVisible])
            .ToArray().Select(mode => Is(mode) ? '1' : '0'));
        text.Append(Invariant($"modes {modes} mouse={MouseForComparison()}\ntitle {Title}\nscrollback {_scrollback.Count}\nnormal\n"));
        List<string> normal = [];
        foreach (ReadOnlyMemory<byte> encoded in _scrollback.ReadLast(int.MaxValue))
        {
            var row = new Row();
            _codec.Decode(encoded.Span, row, Columns);
            normal.Add(RowForComparison(row));
        }

        AppendRows(text, [.. normal, .. Enumerable.Range(0, Rows).Select(y => RowForComparison(_primary[y]))]);
        text.Append("\nshown\n");
        AppendRows(text, [.. AlternateScreen ? [] : normal, .. Enumerable.Range(0, Rows).Select(y => RowForComparison(_screen[y]))]);
        return text.Append('\n').ToString();
    }

    private string MouseForComparison()
    {
        string tracking = _mouse.Tracking switch
        {
            9 => "x10",
            1000 => "vt200",
            1002 => "drag",
            1003 => "any",
            _ => "none",
        };
        return tracking + _mouse.Encoding switch
        {
            1006 => " sgr",
            1016 => " sgr-pixels",
            _ => " default",
        };
    }

    private static void AppendRows(StringBuilder text, List<string> rows)
    {
        while (rows.Count > 0 && rows[^1].Length == 0)
        {
            rows.RemoveAt(rows.Count - 1);
        }

        text.AppendJoin('\n', rows);
    }

    private string RowForComparison(Row row)
    {
        var text = new StringBuilder();
        string style = "";
        int end = 0;
        for (int x = 0; x < Columns; x++)
        {
            Cell cell = row[x];
            if (cell.IsTail)
            {
                continue;
            }

            string current = StyleForComparison(_styles[cell.Style], cell.IsEmpty);
            if (current != style)
            {
                text.Append('[').Append(current).Append(']');
                style = current;
            }

            text.Append(cell.IsEmpty ? " " : TextOf(cell));
            end = cell.Content is not (0 or ' ') || current.Length > 0 ? text.Length : end;
        }

        return text.ToString(0, end);
    }

    private string StyleForComparison(in Style style, bool empty)
    {
        if (empty)
        {
            return style.Background == 0 ? "" : $";{ColorForComparison(style.Background)};";
        }

        var attributes = new StringBuilder();
        foreach ((CellAttributes attribute, char letter) in (ReadOnlySpan<(CellAttributes, char)>)
            [(CellAttributes.Bold, 'b'), (CellAttributes.Faint, 'd'), (CellAttributes.Italic, 'i'), (CellAttributes.UnderlineMask, 'u'),
            (CellAttributes.Blink, 'k'), (CellAttributes.Inverse, 'v'), (CellAttributes.Invisible, 'h'), (CellAttributes.Strike, 's'),
            (CellAttributes.Overline, 'o'), (CellAttributes.Protected, 'p')])
        {
            if (style.Has(attribute))
            {
                attributes.Append(letter);
                attributes.Append(letter == 'u' ? UnderlineForComparison(style) : "");
            }
        }

        string text = $"{ColorForComparison(style.Foreground)};{ColorForComparison(style.Background)};{attributes}";
        return (text == ";;" ? "" : text) + (style.Link == 0 ? "" : $"<{_links[style.Link].Uri}>");
    }

    private static string UnderlineForComparison(in Style style) =>
        Invariant($"{style.Underline}") + (style.UnderlineColor == 0 ? "" : $"({ColorForComparison(style.UnderlineColor)})");

    private static string ColorForComparison(uint color) => Color.Kind(color) switch
    {
        Color.Default => "",
        Color.Rgb => Invariant($"#{Color.Value(color):x6}"),
        _ => Invariant($"{Color.Value(color)}"),
    };
}
