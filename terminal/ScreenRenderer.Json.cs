using System.Globalization;
using System.Text.Json;

namespace Sessiond.Vt;

/// <content>JSON and HTML.</content>
public static partial class ScreenRenderer
{
    /// <summary>
    /// One object: <c>cols, rows, cursor {col, row, visible, shape}, alternate, title, lines [{text, wrapped, runs}]</c>. A run
    /// is a stretch of cells with one style that is not the default: <c>start, length</c> in cells, and of <c>fg, bg,
    /// underline_color, underline, link, attributes</c> what it has. Columns and rows count from 0.
    /// </summary>
    public static void WriteJson(Terminal terminal, Utf8JsonWriter writer, int scrollbackLines = 0)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteNumber("cols", terminal.Columns);
        writer.WriteNumber("rows", terminal.Rows);
        writer.WriteStartObject("cursor");
        writer.WriteNumber("col", terminal.CursorColumn);
        writer.WriteNumber("row", terminal.CursorRow);
        writer.WriteBoolean("visible", terminal.CursorVisible);
        writer.WriteString("shape", terminal.CursorShapeName);
        writer.WriteEndObject();
        writer.WriteBoolean("alternate", terminal.AlternateScreen);
        writer.WriteString("title", terminal.Title);
        writer.WriteStartArray("lines");
        foreach (Row row in terminal.RowsToRender(scrollbackLines, allRows: true))
        {
            writer.WriteStartObject();
            writer.WriteString("text", TextOf(terminal, row, 0, TextLength(row)));
            writer.WriteBoolean("wrapped", row.Wrapped);
            writer.WriteStartArray("runs");
            ForEachRun(row, row.TrimmedLength(), (start, length, id) =>
            {
                if (id != 0)
                {
                    WriteRun(terminal, writer, start, length, terminal.Style(id));
                }
            });
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRun(Terminal terminal, Utf8JsonWriter writer, int start, int length, in Style style)
    {
        writer.WriteStartObject();
        writer.WriteNumber("start", start);
        writer.WriteNumber("length", length);
        WriteColor(writer, "fg", style.Foreground);
        WriteColor(writer, "bg", style.Background);
        WriteColor(writer, "underline_color", style.UnderlineColor);
        if (style.Underline != 0)
        {
            writer.WriteString("underline", style.Underline switch
            {
                1 => "single",
                2 => "double",
                3 => "curly",
                4 => "dotted",
                _ => "dashed",
            });
        }

        if (style.Link != 0)
        {
            writer.WriteString("link", terminal.Links[style.Link].Uri);
        }

        writer.WriteStartArray("attributes");
        foreach ((CellAttributes attribute, string name) in AttributeNames)
        {
            if (style.Has(attribute))
            {
                writer.WriteStringValue(name);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>An index of the palette as a number, a direct colour as "#rrggbb"; nothing for the default.</summary>
    private static void WriteColor(Utf8JsonWriter writer, string name, uint color)
    {
        if (Color.Kind(color) == Color.Rgb)
        {
            writer.WriteString(name, string.Create(CultureInfo.InvariantCulture, $"#{Color.Value(color):x6}"));
        }
        else if (color != Color.Default)
        {
            writer.WriteNumber(name, Color.Value(color));
        }
    }

    private static readonly (CellAttributes Attribute, string Name)[] AttributeNames =
    [
        (CellAttributes.Bold, "bold"),
        (CellAttributes.Faint, "faint"),
        (CellAttributes.Italic, "italic"),
        (CellAttributes.Blink, "blink"),
        (CellAttributes.RapidBlink, "rapid_blink"),
        (CellAttributes.Inverse, "inverse"),
        (CellAttributes.Invisible, "invisible"),
        (CellAttributes.Strike, "strike"),
        (CellAttributes.Overline, "overline"),
    ];
}
