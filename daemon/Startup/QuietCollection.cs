namespace Sessiond.Daemon.Startup;

/// <summary>
/// Gives memory back in quiet times. The collector keeps what a burst needed (500 sessions that start leave 46 MB held for 11 MB in use) until something makes it collect, and a daemon that waits for keys
/// allocates nothing that would.
/// </summary>
internal static class QuietCollection
{
    /// <summary>How often it looks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Bytes allocated since the last time, below which there is nothing to gain.</summary>
    private const long Burst = 8 << 20;

    /// <summary>Bytes allocated in one interval that are still quiet: a few requests.</summary>
    private const long Quiet = 512 << 10;

    internal static async Task RunAsync(TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        long collected = GC.GetTotalAllocatedBytes();
        long last = collected;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                long now = GC.GetTotalAllocatedBytes();
                bool isQuiet = now - last < Quiet;
                last = now;
                if (!isQuiet || now - collected < Burst) continue;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
                collected = GC.GetTotalAllocatedBytes();
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }
}
