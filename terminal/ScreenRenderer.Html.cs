using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Sessiond.Vt;

/// <content>HTML.</content>
public static partial class ScreenRenderer
{
    /// <summary>One <c>pre</c> element with inline styles; text is escaped, links become <c>a</c> elements only for http and https.</summary>
    public static void WriteHtml(Terminal terminal, IBufferWriter<byte> output, int scrollbackLines = 0)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(output);
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<pre style=\"color:{Css(terminal.DefaultForeground)};background:{Css(terminal.DefaultBackground)}\">");
        foreach (Row row in terminal.RowsToRender(scrollbackLines))
        {
            ForEachRun(row, row.TrimmedLength(), (start, length, id) =>
                AppendRun(html, terminal, terminal.Style(id), TextOf(terminal, row, start, start + length)));
            html.Append('\n');
        }

        html.Append("</pre>\n");
        output.Write(Encoding.UTF8.GetBytes(html.ToString()));
    }

    private static void AppendRun(StringBuilder html, Terminal terminal, in Style style, string text)
    {
        string css = CssOf(terminal, style);
        string uri = style.Link == 0 ? "" : terminal.Links[style.Link].Uri;
        bool link = uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        html.Append(link ? $"<a href=\"{WebUtility.HtmlEncode(uri)}\">" : "");
        html.Append(css.Length > 0 ? $"<span style=\"{css}\">" : "");
        html.Append(WebUtility.HtmlEncode(text));
        html.Append(css.Length > 0 ? "</span>" : "");
        html.Append(link ? "</a>" : "");
    }

    private static string CssOf(Terminal terminal, in Style style)
    {
        uint? foreground = terminal.ColorOf(style.Foreground);
        uint? background = terminal.ColorOf(style.Background);
        if (style.Has(CellAttributes.Inverse))
        {
            (foreground, background) = (background ?? terminal.DefaultBackground, foreground ?? terminal.DefaultForeground);
        }

        var css = new StringBuilder();
        css.Append(foreground is { } fg ? $"color:{Css(fg)};" : "");
        css.Append(background is { } bg ? $"background:{Css(bg)};" : "");
        css.Append(style.Has(CellAttributes.Bold) ? "font-weight:bold;" : "");
        css.Append(style.Has(CellAttributes.Faint) ? "opacity:.6;" : "");
        css.Append(style.Has(CellAttributes.Italic) ? "font-style:italic;" : "");
        css.Append(style.Has(CellAttributes.Invisible) ? "visibility:hidden;" : "");
        string lines = (style.Underline != 0 ? " underline" : "") + (style.Has(CellAttributes.Strike) ? " line-through" : "")
            + (style.Has(CellAttributes.Overline) ? " overline" : "");
        css.Append(lines.Length > 0 ? $"text-decoration:{lines[1..]};" : "");
        return css.ToString();
    }

    private static string Css(uint color) => string.Create(CultureInfo.InvariantCulture, $"#{color:x6}");
}
