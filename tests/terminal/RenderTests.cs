using System.Buffers;
using System.Text;
using System.Text.Json;
using Sessiond.Vt;

namespace Sessiond.Terminal.Tests;

/// <summary>Text, SGR, HTML and JSON of a screen, and the plain text of a stream.</summary>
public sealed class RenderTests
{
    [Fact]
    public void Text_has_no_blanks_at_the_end()
    {
        Assert.Equal("one  two\n\n日本\n", Render(static (t, o) => ScreenRenderer.WriteText(t, o), "one  two  \r\n\r\n日本"));
    }

    [Fact]
    public void Ansi_ends_each_line_as_it_began()
    {
        Assert.Equal("\e[0;31mred\e[m\nplain\n", Render(static (t, o) => ScreenRenderer.WriteAnsi(t, o), "\e[31mred\r\n\e[mplain"));
    }

    [Fact]
    public void Html_is_escaped_and_links_are_checked()
    {
        string html = Render(static (t, o) => ScreenRenderer.WriteHtml(t, o), "<b>\e]8;;javascript:x\aj\e]8;;https://h/\"\ak");
        Assert.Contains("&lt;b&gt;", html);
        Assert.DoesNotContain("javascript", html);
        Assert.Contains("<a href=\"https://h/&quot;\">k</a>", html);
    }

    [Fact]
    public void Json_has_lines_runs_and_cursor()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            var terminal = TestTerminals.Fresh(10, 2);
            terminal.Feed("a\e[1;31;44mb\e]2;t\a");
            ScreenRenderer.WriteJson(terminal, writer);
        }

        JsonElement json = JsonDocument.Parse(output.WrittenMemory).RootElement;
        Assert.Equal(2, json.GetProperty("cursor").GetProperty("col").GetInt32());
        Assert.Equal("t", json.GetProperty("title").GetString());
        JsonElement line = json.GetProperty("lines")[0];
        Assert.Equal("ab", line.GetProperty("text").GetString());
        Assert.Equal("""{"start":1,"length":1,"fg":1,"bg":4,"attributes":["bold"]}""", line.GetProperty("runs")[0].GetRawText());
    }

    [Theory]
    [InlineData("a\r\nb", "a\nb\n")]
    [InlineData("10%\r20%\r100%\r\n", "100%\n")]
    [InlineData("loading...\r\e[Kdone\n", "done\n")]
    [InlineData("ab\b\bX\n", "Xb\n")]
    [InlineData("\e[31mred\e[0m \e]2;title\atext\n", "red text\n")]
    [InlineData("a\tb\n", "a       b\n")]
    [InlineData("日本\e[1D語\n", "日語\n")]
    public void Plain_text_of_a_stream(string stream, string text)
    {
        foreach (int chunk in (int[])[1, 1000])
        {
            var filter = new PlainText();
            var output = new ArrayBufferWriter<byte>();
            byte[] bytes = Encoding.UTF8.GetBytes(stream);
            for (int i = 0; i < bytes.Length; i += chunk)
            {
                filter.Write(bytes.AsSpan(i, Math.Min(chunk, bytes.Length - i)), output);
            }

            filter.Flush(output);
            Assert.Equal(text, Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    private static string Render(Action<Vt.Terminal, IBufferWriter<byte>> render, string stream)
    {
        var terminal = TestTerminals.Fresh(20, 5);
        terminal.Feed(stream);
        var output = new ArrayBufferWriter<byte>();
        render(terminal, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
