using System.Globalization;

namespace Sessiond.E2e.Tests;

/// <summary>Many who watch one flood (I3, I6): the daemon does once what it can do once, and the program does not wait for them.</summary>
public sealed class CrowdTests
{
    private const int Crowd = 200;

    /// <summary>Bytes of a flood that are measured.</summary>
    private const int Measured = 30_000_000;

    /// <summary>
    /// What is sent is taken from the journal as it is; all that is worked out is where messages may end, and that is found once. A client alone has each byte looked at about once,
    /// since the first turns show its pace.
    /// </summary>
    [Fact]
    public async Task Two_hundred_observers_have_each_byte_looked_at_about_once()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", ["sh", "-c", "read go; exec yes"]);
        await using Watchers watchers = await Watchers.AttachAsync(daemon, Crowd);
        (long from, double scanned) = (await OffsetAsync(daemon), await MetricAsync(daemon, "sessiond_scanned_bytes"));
        await daemon.TypeAsync("flood", "\r");
        await Eventually.TrueAsync(async () => await OffsetAsync(daemon) - from > Measured, "the flood goes on");
        scanned = await MetricAsync(daemon, "sessiond_scanned_bytes") - scanned;
        double printed = await OffsetAsync(daemon) - from;
        Assert.InRange(scanned / printed, 0, 2);
    }

    /// <summary>The daemon's processor time for a byte that the program prints is the time that the program waits for it; a crowd may take as much again of each turn, and pictures thirty times a second.</summary>
    [Fact]
    public async Task Two_hundred_observers_cost_the_program_a_few_times_what_one_does()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", ["sh", "-c", "read go; exec yes"]);
        await using Watchers first = await Watchers.AttachAsync(daemon, 1);
        await daemon.TypeAsync("flood", "\r");
        double alone = await CostAsync(daemon);
        await using Watchers others = await Watchers.AttachAsync(daemon, Crowd - 1);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Observers == Crowd, "all observe");
        double crowded = await CostAsync(daemon);
        Assert.InRange(crowded / alone, 0, 6);
    }

    /// <summary>Processor seconds of the daemon for a byte of the flood.</summary>
    private static async Task<double> CostAsync(TestDaemon daemon)
    {
        (long from, double used) = (await OffsetAsync(daemon), await MetricAsync(daemon, "process_cpu_seconds_total"));
        await Eventually.TrueAsync(async () => await OffsetAsync(daemon) - from > Measured, "the flood goes on");
        used = await MetricAsync(daemon, "process_cpu_seconds_total") - used;
        return used / (await OffsetAsync(daemon) - from);
    }

    private static async Task<long> OffsetAsync(TestDaemon daemon) => (await daemon.SessionAsync("flood")).Offset;

    private static async Task<double> MetricAsync(TestDaemon daemon, string name)
    {
        string line = (await daemon.Http.GetStringAsync("metrics")).Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Observers that take what comes and keep nothing of it.</summary>
    private sealed class Watchers : IAsyncDisposable
    {
        private readonly List<WebSocketUpgrade> _connections = [];
        private readonly List<Task> _reading = [];

        internal static async Task<Watchers> AttachAsync(TestDaemon daemon, int count)
        {
            var watchers = new Watchers();
            for (int i = 0; i < count; i++)
            {
                WebSocketUpgrade connection = await WebSocketUpgrade.UnixAsync(daemon.Socket);
                watchers._connections.Add(connection);
                Assert.Equal(101, await connection.AskAsync("/v1/sessions/flood/attach?mode=observe&scrollback=0", "sessiond.v1"));
                watchers._reading.Add(ReadLoopAsync(connection.Stream));
            }

            return watchers;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (WebSocketUpgrade connection in _connections) connection.Dispose();
            await Task.WhenAll(_reading);
        }

        private static async Task ReadLoopAsync(Stream stream)
        {
            byte[] buffer = new byte[64 * 1024];
            try
            {
                while (await stream.ReadAsync(buffer) > 0)
                {
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
