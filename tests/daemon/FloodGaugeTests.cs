using Sessiond.Daemon.Sessions;

namespace Sessiond.Daemon.Tests;

/// <summary>What counts as a flood, and for how long.</summary>
public sealed class FloodGaugeTests
{
    [Fact]
    public void Much_at_once_is_a_flood()
    {
        var gauge = new FloodGauge();
        Assert.False(gauge.Note(FloodGauge.Burst - 1, now: 1_000_000));
        Assert.True(gauge.Note(1, now: 1_000_000));
    }

    [Fact]
    public void Small_reads_with_pauses_are_a_flood_when_they_are_many()
    {
        var gauge = new FloodGauge();
        for (int at = 0; at < 1000; at++)
        {
            bool isFlood = gauge.Note(2 * FloodGauge.Leak, at);
            Assert.Equal((at * FloodGauge.Leak) + (2 * FloodGauge.Leak) >= FloodGauge.Burst, isFlood);
        }
    }

    [Fact]
    public void A_steady_flood_is_one_without_a_break()
    {
        var gauge = new FloodGauge();
        gauge.Note(FloodGauge.Burst, now: 0);
        for (int at = 100; at < 60_000; at += 100) Assert.True(gauge.Note(110 * FloodGauge.Leak, at), $"at {at} ms");
    }

    [Fact]
    public void An_editor_that_draws_its_screen_all_the_time_does_not_flood()
    {
        var gauge = new FloodGauge();
        for (int at = 0; at < 60_000; at += 16) Assert.False(gauge.Note(8000, at));
    }

    [Fact]
    public void It_is_over_after_a_calm()
    {
        var gauge = new FloodGauge();
        Assert.True(gauge.Note(FloodGauge.Burst, now: 0));
        Assert.True(gauge.Note(1, FloodGauge.Calm - 1));
        Assert.False(gauge.Note(1, FloodGauge.Calm));
    }
}
