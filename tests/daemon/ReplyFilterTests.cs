using System.Text;
using Sessiond.Daemon.Attach;

namespace Sessiond.Daemon.Tests;

/// <summary>What a client's terminal answers by itself is dropped, what a person types is not.</summary>
public sealed class ReplyFilterTests
{
    [Theory]
    [InlineData("\e[?62;22c", "")]
    [InlineData("\e[>1;10;0c", "")]
    [InlineData("\e[?2026;2$y", "")]
    [InlineData("\e]11;rgb:0000/0000/0000\e\\", "")]
    [InlineData("\e]4;1;rgb:ffff/0000/0000\a", "")]
    [InlineData("\eP1+r544e=787465726d\e\\", "")]
    [InlineData("\e[24;80R", "")]
    [InlineData("\e[?997;1n", "")]
    [InlineData("\e[1;2R", "\e[1;2R")]
    [InlineData("\e[1;16R", "\e[1;16R")]
    [InlineData("\e[1;17R", "")]
    [InlineData("\e[A", "\e[A")]
    [InlineData("\e", "\e")]
    [InlineData("\ea", "\ea")]
    [InlineData("\e\e[A", "\e\e[A")]
    [InlineData("\e[<0;10;5M", "\e[<0;10;5M")]
    [InlineData("\e[97;5u", "\e[97;5u")]
    [InlineData("\e[I", "\e[I")]
    [InlineData("\e]52;c;YQ==\a", "\e]52;c;YQ==\a")]
    [InlineData("x\e[?62cy", "xy")]
    [InlineData("\e[200~\e[?62c\e[201~", "\e[200~\e[?62c\e[201~")]
    public void T32_answers_are_dropped_and_keys_pass(string input, string expected)
    {
        Assert.Equal(expected, Pass(new ReplyFilter(), input));
        // Cut at every byte but behind an ESC, which alone is a key.
        for (int cut = 1; cut < input.Length; cut++)
        {
            if (input[cut - 1] == '\e') continue;
            var filter = new ReplyFilter();
            Assert.Equal(expected, Pass(filter, input[..cut]) + Pass(filter, input[cut..]));
        }
    }

    [Fact]
    public void T37_every_byte_passes()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.Equal(all, new ReplyFilter().Filter(all, 0));
    }

    [Fact]
    public void An_answer_without_an_end_is_held_no_further_than_the_limit()
    {
        byte[] endless = Encoding.ASCII.GetBytes("\eP" + new string('x', 10_000));
        Assert.Equal(endless, new ReplyFilter().Filter(endless, 0));
    }

    /// <summary>Design 10.10: never inside a paste, however long it takes and whoever held it up.</summary>
    [Fact]
    public void A_paste_that_goes_on_without_an_escape_is_still_a_paste()
    {
        var filter = new ReplyFilter();
        Assert.Equal("\e[200~begin", Pass(filter, "\e[200~begin"));
        for (long now = 1000; now <= 20_000; now += 1000) Assert.True(filter.PassesAsIs("text"u8, now));
        Assert.Equal("\e[24;80R"u8, filter.Filter("\e[24;80R"u8, 21_000));
        // Nothing was read for a minute, since the program took nothing.
        filter.Resume(81_000);
        Assert.Equal("\e[24;80R"u8, filter.Filter("\e[24;80R"u8, 81_500));
    }

    [Fact]
    public void A_paste_whose_end_was_lost_is_over_after_a_while_without_input()
    {
        var filter = new ReplyFilter();
        Assert.Equal("\e[200~begin", Pass(filter, "\e[200~begin"));
        Assert.True(filter.PassesAsIs("a key"u8, 6000));
        Assert.Equal(""u8, filter.Filter("\e[24;80R"u8, 6100));
    }

    private static string Pass(ReplyFilter filter, string input) => Encoding.Latin1.GetString(filter.Filter(Encoding.Latin1.GetBytes(input), 0));
}
