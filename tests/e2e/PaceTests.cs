using System.Text;
using Sessiond.Spec.Api;
using Sessiond.Vt;

namespace Sessiond.E2e.Tests;

/// <summary>Clients that read slowly, or not at all (I6).</summary>
public sealed class PaceTests
{
    private const int Window = 256 * 1024;

    /// <summary>A program that prints ever the same for as long as it lives.</summary>
    private static readonly string[] Flood = ["sh", "-c", "read go; exec yes"];

    [Fact]
    public async Task At_most_the_window_is_unacknowledged_and_an_ack_opens_it()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("much", ["bash", "-c", "read go; seq 1 100000; printf END; exec cat"]);
        await using WireClient client = await daemon.AttachAsync("much");
        await client.MessageAsync("hello");
        await Eventually.TrueAsync(() => client.Position >= 0, "the snapshot is whole");
        long start = client.Position;
        await client.SendTextAsync($$"""{"type":"ack","offset":{{start}}}""");
        await client.TypeAsync("\r");
        await daemon.UntilScreenAsync("much", "END");
        await Eventually.TrueAsync(() => client.Position - start >= Window / 2, "the window is filled");
        // Answered behind everything that may be sent.
        await client.PingAsync(1);
        Assert.InRange(client.Position - start, Window / 2, Window);
        long end = (await daemon.SessionAsync("much")).Offset;
        while (client.Position is var acknowledged && acknowledged < end)
        {
            await client.SendTextAsync($$"""{"type":"ack","offset":{{acknowledged}}}""");
            await Eventually.TrueAsync(() => client.Position > acknowledged, "the window opens");
        }

        await client.UntilAsync("END");
        string text = client.Output.Text();
        Assert.EndsWith("99999\r\n100000\r\nEND", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"lag\"", client.Said.Text(), StringComparison.Ordinal);
    }

    /// <summary>What is not for a client is nothing that it could acknowledge.</summary>
    [Fact]
    public async Task What_an_observer_never_gets_does_not_fill_its_window()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        const string Copies = "i=0; while [ $i -lt 200 ]; do printf '\\033]52;c;%03000d\\a' 0; i=$((i+1)); done";
        await daemon.NewAsync("copies", ["bash", "-c", $"read go; {Copies}; printf AFTER; exec cat"]);
        await using WireClient observer = await daemon.AttachAsync("copies", "mode=observe");
        await observer.MessageAsync("hello");
        await Eventually.TrueAsync(() => observer.Position >= 0, "the snapshot is whole");
        await observer.SendTextAsync($$"""{"type":"ack","offset":{{observer.Position}}}""");
        await observer.PingAsync(1);
        await daemon.TypeAsync("copies", "\r");
        await observer.UntilAsync("AFTER");
        Assert.DoesNotContain("\"lag\"", observer.Said.Text(), StringComparison.Ordinal);
    }

    /// <summary>Of more changes of size than are kept nobody knows any more which output belongs to which.</summary>
    [Fact]
    public async Task A_client_that_missed_changes_of_size_gets_a_snapshot_of_the_last_one()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("much", ["bash", "-c", "read go; seq 1 100000; printf END; exec cat"]);
        await using WireClient client = await daemon.AttachAsync("much");
        await client.MessageAsync("hello");
        await Eventually.TrueAsync(() => client.Position >= 0, "the snapshot is whole");
        await client.SendTextAsync($$"""{"type":"ack","offset":{{client.Position}}}""");
        await client.TypeAsync("\r");
        await daemon.UntilScreenAsync("much", "END");
        // The window is full now, and stays so.
        await client.PingAsync(1);
        int parts = client.SnapshotParts;
        for (int i = 0; i < 70; i++)
        {
            using HttpResponseMessage resized = await daemon.Http.PostAsync("v1/sessions/much/resize", TestDaemon.Json($$"""{"cols":{{100 + i}},"rows":30}"""));
            Assert.True(resized.IsSuccessStatusCode);
        }

        Task<ServerMessage> told = client.MessageAsync("size");
        await Eventually.TrueAsync(
            async () =>
            {
                await client.SendTextAsync($$"""{"type":"ack","offset":{{client.Position}}}""");
                return told.IsCompleted;
            },
            "the last size");
        ServerMessage size = await told;
        Assert.Equal((169, 30), (size.Cols, size.Rows));
        Assert.Equal(2, client.Said.Text().Split("\"type\":\"size\"").Length);
        await Eventually.TrueAsync(() => client.SnapshotParts > parts, "a snapshot");
        await client.UntilAsync("END");
    }

    /// <summary>T49: whoever stopped reading is told what it missed and shown the true screen, scrollback included; nobody else notices.</summary>
    [Fact]
    public async Task T49_A_stalled_client_is_resynchronised_by_one_snapshot()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("much", ["bash", "-c", "read go; seq 1 1000000; printf '\\033[1;31mEND'; exec cat"]);
        await daemon.NewAsync("other", ["cat"]);
        await using WireClient other = await daemon.AttachAsync("other");
        await using WireClient quick = await daemon.AttachAsync("much", "mode=observe");
        await using WireClient client = await daemon.AttachAsync("much", "mode=observe&scrollback=500");
        await client.MessageAsync("hello");
        client.Stall();
        await daemon.TypeAsync("much", "\r");
        await other.TypeAsync("unharmed\r");
        await other.UntilAsync("unharmed\r\nunharmed");
        await quick.UntilAsync("END");
        await daemon.UntilScreenAsync("much", "END");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("much")).LastActivityAt < DateTimeOffset.UtcNow.AddSeconds(-0.5), "it is quiet");
        int parts = client.SnapshotParts;
        client.GoOn();
        await client.UntilAsync("END");
        ServerMessage lag = await client.MessageAsync("lag");
        long offset = (await daemon.SessionAsync("much")).Offset;
        Assert.Equal(offset, lag.To);
        Assert.Equal(offset, client.Position);
        Assert.Equal(2, client.Said.Text().Split("\"type\":").Length - 1);
        await AssertShowsAsync(daemon, "much", client);
        Assert.True(client.SnapshotParts > parts, "a snapshot came");
    }

    /// <summary>Whoever looks at a screen uses the engine, and reading waits for it: it must go on each time.</summary>
    [Fact]
    public async Task A_flood_goes_on_however_often_its_screen_is_looked_at()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", ["sh", "-c", "read go; i=0; while [ $i -lt 20 ]; do seq 1 100000; i=$((i+1)); done; printf END; exec cat"]);
        await daemon.TypeAsync("flood", "\r");
        Task seen = daemon.UntilScreenAsync("flood", "100000\nEND");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!seen.IsCompleted) await daemon.ScreenAsync("flood");
        }));
        await seen;
    }

    /// <summary>I3, I6: two hundred who watch a flood, a third of them without reading, hold up neither the program nor a neighbour.</summary>
    [Fact]
    public async Task Two_hundred_observers_hold_up_nobody()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", Flood);
        await daemon.NewAsync("other", ["cat"]);
        await using WireClient other = await daemon.AttachAsync("other");
        var observers = new List<WireClient>();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                WireClient observer = await daemon.AttachAsync("flood", "mode=observe&scrollback=0", keepsOutput: false);
                observers.Add(observer);
                if (i % 3 == 0) observer.Stall();
            }

            await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Observers == 200, "all observe");
            double before = await SnapshotsAsync(daemon);
            long start = TimeProvider.System.GetTimestamp();
            await daemon.TypeAsync("flood", "\r");
            await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Offset > 30_000_000, "the flood goes on");
            double made = await SnapshotsAsync(daemon) - before;
            // Thirty a second, however many watch: a picture is made once and sent to all.
            Assert.InRange(made, 0, 10 + 31 * TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            for (int i = 0; i < 10; i++)
            {
                await other.TypeAsync($"echo {i}\r");
                await other.UntilAsync($"echo {i}\r\necho {i}");
            }
        }
        finally
        {
            foreach (WireClient observer in observers) await observer.DisposeAsync();
        }

        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Observers == 0, "all are gone");
    }

    /// <summary>T46: what waited for a stalled client is dropped, and why it lost control is there when it reads again.</summary>
    [Fact]
    public async Task T46_A_stalled_client_that_was_evicted_finds_out_when_it_reads_again()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", Flood);
        await using WireClient stalled = await daemon.AttachAsync("flood", "scrollback=0", keepsOutput: false);
        await stalled.MessageAsync("hello");
        stalled.Stall();
        await daemon.TypeAsync("flood", "\r");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Offset > 10_000_000, "a flood");
        await using WireClient next = await daemon.AttachAsync("flood", "scrollback=0", keepsOutput: false);
        Assert.Equal("controller", (await next.MessageAsync("hello")).Role);
        Assert.Equal(0, (await daemon.SessionAsync("flood")).Observers);
        await next.TypeAsync("\x03");
        stalled.GoOn();
        Assert.Equal(4001, await stalled.CloseCodeAsync());
        Assert.Equal(UserDatabase.Current().Name, (await stalled.MessageAsync("taken_over")).By);
    }

    /// <summary>T48: however many take over at once, one controls in the end, and everyone else knows.</summary>
    [Fact]
    public async Task T48_A_thousand_takeovers_leave_one_controller_and_no_leak()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        int before = Descriptors(daemon.DaemonPid);
        var clients = new System.Collections.Concurrent.ConcurrentBag<WireClient>();
        for (int batch = 0; batch < 10; batch++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
            {
                WireClient client = await daemon.AttachAsync("shared", "scrollback=0");
                clients.Add(client);
                await client.MessageAsync("hello");
            }));
        }

        await Eventually.TrueAsync(() => clients.Count(client => !client.Said.Text().Contains("taken_over", StringComparison.Ordinal)) == 1, "one is left");
        WireClient winner = clients.Single(client => !client.Said.Text().Contains("taken_over", StringComparison.Ordinal));
        await winner.TypeAsync("mine\r");
        await winner.UntilAsync("mine\r\nmine");
        foreach (WireClient client in clients.Where(client => client != winner))
        {
            Assert.Equal(4001, await client.CloseCodeAsync());
            Assert.Equal(2, client.Said.Text().Split("taken_over").Length);
        }

        await using (WireClient observer = await daemon.AttachAsync("shared", "mode=observe"))
        {
            await observer.MessageAsync("hello");
            Assert.Equal(1, (await daemon.SessionAsync("shared")).Observers);
        }

        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("shared")).Observers == 0, "the observer is gone");
        SessionObject session = await daemon.SessionAsync("shared");
        Assert.Equal((true, 0), (session.Controller is not null, session.Observers));
        foreach (WireClient client in clients) await client.DisposeAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Descriptors(daemon.DaemonPid) <= before + 5), () => $"{Descriptors(daemon.DaemonPid)} descriptors; there were {before}");
    }

    /// <summary>Feeds what the client got to an engine of its own and compares the screens.</summary>
    private static async Task AssertShowsAsync(TestDaemon daemon, string session, WireClient client)
    {
        SessionObject now = await daemon.SessionAsync(session);
        var terminal = new Vt.Terminal(new TerminalOptions { Columns = now.Size.Cols, Rows = now.Size.Rows }, new SilentTerminalHost());
        foreach ((long _, byte[] bytes) in client.Frames) terminal.Feed(bytes);
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        ScreenRenderer.WriteAnsi(terminal, text);
        Assert.Equal(await daemon.Http.GetStringAsync($"v1/sessions/{session}/screen?format=ansi"), Encoding.UTF8.GetString(text.WrittenSpan));
        Assert.Equal(500, terminal.ScrollbackCount);
    }

    private static async Task<double> SnapshotsAsync(TestDaemon daemon)
    {
        string line = (await daemon.Http.GetStringAsync("metrics")).Split('\n').Single(line => line.StartsWith("sessiond_snapshots ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int Descriptors(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;
}
