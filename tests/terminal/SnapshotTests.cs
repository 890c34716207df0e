using System.Text;

namespace Sessiond.Terminal.Tests;

public sealed class SnapshotTests
{
    [Theory]
    [InlineData("")]
    [InlineData("$ ")]
    [InlineData("hello\r\nworld")]
    [InlineData("\e[31mred\e[0m plain \e[1;4;48;5;17mx")]
    [InlineData("\e]8;id=a;http://example.org/\e\\link\e]8;;\e\\ after")]
    [InlineData("one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\r\nseven\r\neight")]
    [InlineData("a long line that wraps over more than one row of the terminal and scrolls the first rows out of it, on and on")]
    [InlineData("\e[44m\e[2J\e[3;3Hx")]
    [InlineData("日本語の端末エミュレータ\r\n\e[?1049h\e[2;2Hvim")]
    [InlineData("e\u0301 👩‍👩‍👧 \e[?2027h👩‍👩‍👧 ☺\uFE0F 🇩🇪")]
    [InlineData("\e[2;4r\e[?6h\e[2;2H\e7\e[?25l\e[4h")]
    [InlineData("\e[?1002h\e[?1015h\e[?1006h\e[?1004h\e[?2004h\e[>5u\e[>3u")]
    [InlineData("1234567890123456789\e[1m0")]
    [InlineData("12345678901234567890")]
    [InlineData("\e(0lqqk\e(B\e)0\u000ex")]
    [InlineData("\e#6double\r\n\e#3top\r\n\e#4top")]
    public void Brings_a_dirty_terminal_to_the_same_state(string stream)
    {
        Vt.Terminal terminal = TestTerminals.Fresh(20, 5);
        terminal.Feed(stream);
        var host = new RecordingHost();
        Vt.Terminal restored = TestTerminals.Dirty(20, 5, host);
        host.ClearReplies();
        restored.Feed(TestTerminals.Snapshot(terminal));
        StateAssert.Same(terminal.Describe(), restored.Describe(), () => "");
        Assert.Equal("", host.Replies);
        Assert.Equal(Encoding.UTF8.GetString(TestTerminals.Snapshot(terminal)), Encoding.UTF8.GetString(TestTerminals.Snapshot(restored)));
    }

    [Theory]
    [InlineData("\e=")]
    [InlineData("\e[?66h")]
    public void Tells_the_keypads_mode_as_every_terminal_understands_it(string stream)
    {
        Vt.Terminal terminal = TestTerminals.Fresh(20, 5);
        terminal.Feed(stream);
        Assert.Contains("\e=", Encoding.UTF8.GetString(TestTerminals.Snapshot(terminal)), StringComparison.Ordinal);
    }
}
