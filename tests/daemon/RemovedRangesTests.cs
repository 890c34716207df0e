using Sessiond.Daemon.Attach;

namespace Sessiond.Daemon.Tests;

/// <summary>What a client never got, and cannot acknowledge.</summary>
public sealed class RemovedRangesTests
{
    [Fact]
    public void What_was_removed_counts_until_an_acknowledgement_is_behind_it()
    {
        var removed = new RemovedRanges();
        removed.Add(50, 300_000);
        removed.Add(300_000, 300_010);
        removed.Add(300_100, 300_104);
        Assert.Equal(299_964, removed.Bytes);
        removed.Acknowledge(50);
        Assert.Equal(299_964, removed.Bytes);
        removed.Acknowledge(300_050);
        Assert.Equal(4, removed.Bytes);
        removed.Clear();
        Assert.Equal(0, removed.Bytes);
    }

    /// <summary>I11: a program that asks without end, and a client that acknowledges nothing.</summary>
    [Fact]
    public void Ranges_without_end_cost_a_bounded_list_and_the_newest_are_kept()
    {
        var removed = new RemovedRanges();
        for (long i = 0; i < 100_000; i++) removed.Add(i * 10, i * 10 + 4);
        Assert.InRange(removed.Bytes, 512 * 4, 1024 * 4);
        removed.Acknowledge(999_989);
        Assert.Equal(4, removed.Bytes);
    }
}
