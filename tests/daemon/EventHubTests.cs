using Sessiond.Daemon.Events;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Tests;

/// <summary>Ids of events go on over a crash of the daemon, and whoever missed some is told.</summary>
public sealed class EventHubTests
{
    private readonly List<long> _kept = [];

    [Fact]
    public async Task I9_The_ids_of_the_next_daemon_are_above_all_that_this_one_gave_away_and_earlier_ones_are_too_old()
    {
        await using EventHub first = Hub(0);
        await PublishAsync(first, 5);
        long seen = first.LastId;
        Assert.Equal(5, first.After(0, out bool isTooOld).Events.Count);
        Assert.False(isTooOld);

        // Killed: it could keep nothing at its end.
        await using EventHub second = Hub(_kept[^1]);
        Assert.Empty(second.After(seen, out isTooOld).Events);
        Assert.True(isTooOld, "before it has an event of its own");
        await PublishAsync(second, 40);
        Assert.Empty(second.After(seen, out isTooOld).Events);
        Assert.True(isTooOld);
        Assert.True(second.LastId > seen + 40);
    }

    [Fact]
    public async Task What_is_kept_is_ahead_of_what_was_given_away_and_is_not_kept_for_each_event()
    {
        await using EventHub hub = Hub(0);
        for (int i = 0; i < 30; i++)
        {
            await PublishAsync(hub, 500);
            Assert.True(_kept[^1] >= hub.LastId + (EventHub.Reserved / 2) - 1);
        }

        Assert.InRange(_kept.Count, 2, 10);
    }

    private EventHub Hub(long lastId) => new(() => throw new InvalidOperationException("nobody asks for the devbox"), () => false, lastId, _kept.Add);

    private static async Task PublishAsync(EventHub hub, int count)
    {
        long last = hub.LastId + count;
        for (int i = 0; i < count; i++) hub.Publish(new HookLogObject($"hook {i}", [], 0));
        while (true)
        {
            Task news = hub.After(hub.LastId, out _).News;
            if (hub.LastId >= last) return;
            await news.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
