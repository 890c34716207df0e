using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>What users of other tools lost when they came back to a session (T05 to T24).</summary>
public sealed class RestoreCaseTests
{
    [Fact]
    public void T05_A_hidden_cursor_stays_hidden()
    {
        Vt.Terminal terminal = TestTerminals.Fresh(20, 5);
        terminal.Feed("x\e[?25l");
        Assert.False(TestTerminals.Restored(terminal).CursorVisible);
        terminal.Feed("\e[?25h");
        Assert.True(TestTerminals.Restored(terminal).CursorVisible);
    }

    [Fact]
    public void T13_A_synchronized_update_is_not_brought_over_and_still_reported()
    {
        var host = new RecordingHost();
        Vt.Terminal terminal = TestTerminals.Fresh(20, 5, host);
        terminal.Feed("\e[?2026hpainting");
        Assert.DoesNotContain("2026h", Encoding.Latin1.GetString(TestTerminals.Snapshot(terminal)));
        Assert.Equal("painting", TestTerminals.Restored(terminal).RowText(0));
        terminal.Feed("\e[?2026$p\e[?2026l\e[?2026$p");
        Assert.Equal("\e[?2026;1$y\e[?2026;2$y", host.Replies);
    }

    [Theory]
    [InlineData("\e[!p")]
    [InlineData("\ec")]
    public void T15_A_reset_by_the_program_resets_what_is_brought_over(string reset)
    {
        Vt.Terminal terminal = TestTerminals.Fresh(20, 5);
        terminal.Feed("\e[?1;66h\e[4h\e[2;4r\e[?6h\e[31m\e(0" + reset + "x");
        string text = Encoding.Latin1.GetString(TestTerminals.Snapshot(terminal));
        string after = text[(text.LastIndexOf("\e[!p", StringComparison.Ordinal) + 4)..];
        Assert.DoesNotContain("\e[?1h", after);
        Assert.DoesNotContain("\e=", after);
        Assert.DoesNotContain("\e[4h", after);
        Assert.DoesNotContain("\e[2;4r", after);
        Assert.Equal("x", TestTerminals.Restored(terminal).RowText(terminal.CursorRow));
    }

    [Fact]
    public void T15_What_a_snapshot_sets_comes_after_its_own_resets()
    {
        Vt.Terminal terminal = TestTerminals.Fresh(20, 5);
        terminal.Feed("\e[?1;2004;1002;1006h\e[?25l\e[5 q\e[2;4r\e[3;3H");
        string text = Encoding.Latin1.GetString(TestTerminals.Snapshot(terminal));
        int reset = text.LastIndexOf("\e[!p", StringComparison.Ordinal);
        Assert.All(["\e[?1h", "\e[?2004h", "\e[?1002h", "\e[?1006h", "\e[?25l", "\e[5 q", "\e[2;4r"], set => Assert.True(text.LastIndexOf(set, StringComparison.Ordinal) > reset, set));
    }

    [Theory]
    [InlineData("\eP1;1;1q\"1;1;10;10#0;2;0;0;0#0~~@@vv@@~~$-\e\\")]
    [InlineData("\e_Ga=T,f=24,s=1,v=1;AAAA\e\\")]
    [InlineData("\e]1337;File=inline=1:AAAA\a")]
    public void T20_Pictures_pass_and_the_text_after_them_is_text(string picture)
    {
        Vt.Terminal terminal = TestTerminals.Fresh(20, 5);
        foreach (byte b in Encoding.Latin1.GetBytes("a" + picture + "b"))
        {
            terminal.Feed([b]);
        }

        Assert.Equal("ab", terminal.RowText(0));
        Assert.Equal(terminal.Offset, terminal.PublishOffset);
        Assert.Equal("ab", TestTerminals.Restored(terminal).RowText(0));
    }

    [Fact]
    public void T24_The_cursor_is_where_it_was_behind_any_length_of_scrollback()
    {
        foreach (int lines in (ReadOnlySpan<int>)[0, 3, 4, 5, 6, 100])
        {
            Vt.Terminal terminal = TestTerminals.Fresh(20, 5);
            terminal.Feed(string.Concat(Enumerable.Range(1, lines).Select(static i => $"line {i}\r\n")) + "\e[3;7H");
            Vt.Terminal restored = TestTerminals.Restored(terminal);
            Assert.Equal((2, 6), (restored.CursorRow, restored.CursorColumn));
            Assert.Equal(terminal.ScrollbackCount, restored.ScrollbackCount);
        }
    }
}
