using Sessiond.Daemon.Attach;
using Sessiond.Daemon.Sessions;
using Sessiond.Vt;

namespace Sessiond.Daemon.Tests;

/// <summary>Where output messages end.</summary>
public sealed class RestPointsTests
{
    [Fact]
    public void A_message_ends_at_the_last_point_within_its_length_or_at_the_next_one()
    {
        var points = new RestPoints();
        foreach (long offset in new long[] { 10_000, 20_000, 30_000, 200_000 }) points.Add(offset, 0);
        Assert.Equal(30_000, points.After(0, 64_000));
        Assert.Equal(20_000, points.After(15_000, 10_000));
        Assert.Equal(200_000, points.After(30_000, 64_000));
        Assert.Equal(200_000, points.After(200_000, 64_000));
    }

    [Fact]
    public void The_newest_point_is_always_there()
    {
        var points = new RestPoints();
        for (long offset = 1; offset <= 100_000; offset++)
        {
            points.Add(offset, 0);
            Assert.Equal(offset, points.After(offset - 1, 64_000));
        }
    }

    [Fact]
    public void Points_below_the_oldest_offset_are_forgotten()
    {
        var points = new RestPoints();
        for (long offset = 0; offset < 10_000_000; offset += 10_000) points.Add(offset, Math.Max(0, offset - 900_000));
        Assert.Equal(9_990_000, points.After(9_989_000, 64_000));
        Assert.True(points.After(0, 64_000) > 9_000_000);
    }

    /// <summary>Else a client with the smallest window would wait for a place that is further off than the window, and the daemon for an acknowledgement of nothing.</summary>
    [Fact]
    public void Even_the_smallest_message_has_a_place_to_end_whatever_begins_in_it()
    {
        byte[] image = [.. "\e_G"u8, .. Enumerable.Repeat((byte)'A', 8 * 1024)];
        Assert.InRange(RestScan.LastRest(image.AsSpan(0, Attachment.LeastPayload)), 1, Attachment.LeastPayload);
        byte[] text = [.. "text"u8, .. image];
        Assert.Equal(4, RestScan.LastRest(text.AsSpan(0, 4096)));
        Assert.InRange(RestScan.LastRest(text.AsSpan(0, Attachment.LeastPayload)), 5, Attachment.LeastPayload);
    }
}
