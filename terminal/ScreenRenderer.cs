using System.Buffers;
using System.Text;

namespace Sessiond.Vt;

/// <summary>Writes what is on a terminal's screen now, for people and programs that are no terminals.</summary>
public static partial class ScreenRenderer
{
    /// <summary>Text alone, one line per row, without blanks at the ends of lines and blank rows at the end.</summary>
    public static void WriteText(Terminal terminal, IBufferWriter<byte> output, int scrollbackLines = 0)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(output);
        var text = new ByteWriter();
        foreach (Row row in terminal.RowsToRender(scrollbackLines))
        {
            WriteRowText(terminal, row, 0, TextLength(row), text);
            text.Add((byte)'\n');
        }

        output.Write(text.Written);
    }

    /// <summary>Text with SGR and hyperlinks, each row complete in itself.</summary>
    public static void WriteAnsi(Terminal terminal, IBufferWriter<byte> output, int scrollbackLines = 0)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(output);
        var text = new ByteWriter();
        foreach (Row row in terminal.RowsToRender(scrollbackLines))
        {
            Style pen = default;
            ForEachRun(row, row.TrimmedLength(), (start, length, id) =>
            {
                Style style = Unprotected(terminal.Style(id));
                SgrWriter.WriteChange(text, pen, style, terminal.Links);
                pen = style;
                WriteRowText(terminal, row, start, start + length, text);
            });
            SgrWriter.WriteChange(text, pen, default, terminal.Links);
            text.Add((byte)'\n');
        }

        output.Write(text.Written);
    }

    /// <summary>Length of a row without erased cells and blanks at its end.</summary>
    private static int TextLength(Row row)
    {
        int length = row.TrimmedLength();
        while (length > 0 && row[length - 1].Content is 0 or ' ')
        {
            length--;
        }

        return length;
    }

    private static void WriteRowText(Terminal terminal, Row row, int from, int to, ByteWriter output)
    {
        for (int x = from; x < to; x++)
        {
            Cell cell = row[x];
            if (cell.IsTail)
            {
                continue;
            }

            if (cell.IsCluster)
            {
                foreach (int code in terminal.Cluster(cell.Value))
                {
                    output.AddUtf8(code);
                }
            }
            else
            {
                output.AddUtf8(cell.IsEmpty ? ' ' : (int)cell.Value);
            }
        }
    }

    /// <summary>Calls for each stretch of cells that have one style.</summary>
    private static void ForEachRun(Row row, int length, Action<int, int, uint> run)
    {
        int start = 0;
        while (start < length)
        {
            uint style = row[start].Style;
            int end = start + 1;
            while (end < length && row[end].Style == style)
            {
                end++;
            }

            run(start, end - start, style);
            start = end;
        }
    }

    private static Style Unprotected(Style style)
    {
        style.Attributes &= ~CellAttributes.Protected;
        return style;
    }

    private static string TextOf(Terminal terminal, Row row, int from, int to)
    {
        var text = new ByteWriter();
        WriteRowText(terminal, row, from, to, text);
        return Encoding.UTF8.GetString(text.Written);
    }
}
