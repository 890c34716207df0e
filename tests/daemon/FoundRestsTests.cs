using Sessiond.Daemon.Sessions;

namespace Sessiond.Daemon.Tests;

/// <summary>Where messages to slow clients may end, found once for all of them.</summary>
public sealed class FoundRestsTests
{
    [Fact]
    public void A_place_is_found_again_by_whoever_has_it_in_reach()
    {
        var found = new FoundRests();
        found.Add(20_000, 0);
        found.Add(10_000, 0);
        Assert.Equal(20_000, found.LastWithin(0, 32_000));
        Assert.Equal(10_000, found.LastWithin(0, 19_999));
        Assert.Equal(20_000, found.LastWithin(10_000, 10_000));
        Assert.Null(found.LastWithin(0, 9_999));
        Assert.Null(found.LastWithin(20_000, 32_000));
    }

    /// <summary>Clients of every pace go through a ring; each scan ends up to a held sequence before its length.</summary>
    [Fact]
    public void However_many_clients_of_whatever_pace_scan_each_byte_is_scanned_about_once()
    {
        const int Bytes = 1 << 20;
        var random = new Random(1);
        var found = new FoundRests();
        long scanned = 0;
        for (int client = 0; client < 200; client++)
        {
            long position = random.Next(100);
            while (position < Bytes)
            {
                int length = random.Next(6 * 1024, 64 * 1024);
                if (found.LastWithin(position, length) is { } known)
                {
                    position = known;
                    continue;
                }

                scanned += length;
                position += length - random.Next(100);
                found.Add(position, 0);
            }
        }

        Assert.InRange(scanned, Bytes, 4 * Bytes);
        Assert.InRange(found.Count, 1, Bytes / 2048);
    }

    [Fact]
    public void Places_below_the_oldest_offset_are_forgotten()
    {
        var found = new FoundRests();
        for (long offset = 0; offset < 100_000_000; offset += 10_000) found.Add(offset, offset - 1_000_000);
        Assert.InRange(found.Count, 1, 102);
    }
}
