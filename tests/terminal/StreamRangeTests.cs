using System.Text;
using Sessiond.Vt;

namespace Sessiond.Terminal.Tests;

/// <summary>What may be sent to attachments, and what not (I2, I4).</summary>
public sealed class StreamRangeTests
{
    [Theory]
    [InlineData("ab\e[cd", "abd")]
    [InlineData("\e[6n\e]11;?\a\e[>q\eP$qm\e\\x", "x")]
    [InlineData("\e]4;1;?\e\\y\e[?2048h\e[?u", "y")]
    [InlineData("\u0005\e]52;c;?\a\e[21t\e_Gi=1,a=q;\e\\z", "z")]
    [InlineData("\e[31mkept\e]0;t\a", "\e[31mkept\e]0;t\a")]
    public void T30_queries_are_not_forwarded_however_they_are_cut(string stream, string forwarded)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(stream);
        Assert.Equal(forwarded, Forward(bytes, bytes.Length, StreamRangeKind.Query));
        Assert.Equal(forwarded, Forward(bytes, 1, StreamRangeKind.Query));
    }

    [Fact]
    public void T14_clipboard_writes_go_to_the_controller_only()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("a\e]52;c;aGk=\ab");
        Assert.Equal("ab", Forward(bytes, 1, StreamRangeKind.ControllerOnly));
        bytes = Encoding.UTF8.GetBytes("a\e]52;c;" + new string('A', 100_000) + "\ab");
        Assert.Equal("ab", Forward(bytes, 1000, StreamRangeKind.ControllerOnly));
        Assert.Equal("ab", Forward(bytes, bytes.Length, StreamRangeKind.ControllerOnly));
    }

    [Theory]
    [InlineData("ab\e[3", 2)]
    [InlineData("ab\e]2;ti", 2)]
    [InlineData("ab\e]2;ti\e", 2)]
    [InlineData("ab\xE6\x97", 2)]
    [InlineData("ab\e[31m", 7)]
    public void Nothing_unfinished_is_published(string stream, long rest)
    {
        var terminal = TestTerminals.Fresh(20, 5);
        terminal.Feed(Encoding.Latin1.GetBytes(stream));
        Assert.Equal(rest, terminal.PublishOffset);
    }

    [Fact]
    public void A_long_string_is_published_as_it_comes_and_its_snapshot_carries_it()
    {
        var terminal = TestTerminals.Fresh(20, 5);
        terminal.Feed("x\e]2;" + new string('t', 5000));
        Assert.Equal(terminal.Offset, terminal.PublishOffset);
        Vt.Terminal restored = TestTerminals.Restored(terminal);
        restored.Feed("end\ay");
        terminal.Feed("end\ay");
        Assert.Equal(terminal.Describe(), restored.Describe());
        Assert.Equal("xy", terminal.RowText(0));
    }

    [Fact]
    public void I4_replies_come_before_feed_returns()
    {
        var host = new RecordingHost();
        var terminal = TestTerminals.Fresh(20, 5, host);
        terminal.Feed("\e[");
        Assert.Equal("", host.Replies);
        terminal.Feed("c");
        Assert.Equal("\e[?62;22;52c", host.Replies);
    }

    /// <summary>The bytes that an attachment gets which may not have those of a kind.</summary>
    private static string Forward(byte[] stream, int chunk, StreamRangeKind withheld)
    {
        var terminal = TestTerminals.Fresh(20, 5);
        List<byte> sent = [];
        long at = 0;
        for (int i = 0; i < stream.Length; i += chunk)
        {
            terminal.Feed(stream.AsSpan(i, Math.Min(chunk, stream.Length - i)));
            for (; at < terminal.PublishOffset; at++)
            {
                bool hidden = false;
                foreach (StreamRange range in terminal.Ranges)
                {
                    hidden |= range.Kind == withheld && at >= range.Start && at < range.End;
                }

                if (!hidden)
                {
                    sent.Add(stream[at]);
                }
            }

            terminal.DropRangesBefore(at);
            Assert.True(terminal.Ranges.Length == 0 || terminal.Ranges[0].End > at);
        }

        return Encoding.UTF8.GetString(sent.ToArray());
    }
}
