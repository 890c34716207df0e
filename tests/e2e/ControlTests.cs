using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>One controller, any number of observers (I7).</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task T45_The_first_of_two_clients_is_told_who_took_over_and_closed_with_4001()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await using WireClient first = await daemon.AttachAsync("shared");
        Assert.Equal("controller", (await first.MessageAsync("hello")).Role);
        await using WireClient second = await daemon.AttachAsync("shared");
        Assert.Equal("controller", (await second.MessageAsync("hello")).Role);
        ServerMessage told = await first.MessageAsync("taken_over");
        Assert.Equal(UserDatabase.Current().Name, told.By);
        Assert.NotNull(told.At);
        Assert.Equal(4001, await first.CloseCodeAsync());
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("shared")).Observers == 0, "the first one is gone");
        Assert.Equal(UserDatabase.Current().Name, (await daemon.SessionAsync("shared")).Controller);
    }

    [Fact]
    public async Task T45_The_command_line_that_is_taken_over_says_by_whom_and_exits_6()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await daemon.TypeAsync("shared", "here\r");
        await using PtyProgram first = daemon.OnTerminal("attach", "shared");
        await first.UntilAsync("here");
        await using PtyProgram second = daemon.OnTerminal("attach", "shared");
        Assert.Equal(6, await first.ExitCodeAsync());
        Assert.Contains($"[taken over by {UserDatabase.Current().Name}]", first.Output.Text(), StringComparison.Ordinal);
        await second.UntilAsync("here");
        second.Type("still mine\r");
        await second.UntilAsync("still mine\r\nstill mine");
    }

    [Fact]
    public async Task Without_takeover_a_busy_session_refuses_and_nobody_is_evicted()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await using WireClient first = await daemon.AttachAsync("shared");
        await first.MessageAsync("hello");
        using (WebSocketUpgrade refused = await WebSocketUpgrade.UnixAsync(daemon.Socket))
        {
            Assert.Equal(409, await refused.AskAsync("/v1/sessions/shared/attach?takeover=0", "sessiond.v1"));
        }

        await using PtyProgram terminal = daemon.OnTerminal("attach", "--no-takeover", "shared");
        Assert.Equal(6, await terminal.ExitCodeAsync());
        await first.TypeAsync("hello\r");
        await first.UntilAsync("hello\r\nhello");
    }

    /// <summary>T50: an observer's window changes nothing.</summary>
    [Fact]
    public async Task T50_An_observer_sees_output_but_neither_types_nor_resizes()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await using WireClient controller = await daemon.AttachAsync("shared", "cols=100&rows=30");
        await controller.MessageAsync("hello");
        await using WireClient observer = await daemon.AttachAsync("shared", "mode=observe&cols=40&rows=10");
        ServerMessage hello = await observer.MessageAsync("hello");
        Assert.Equal(("observer", 100, 30), (hello.Role, hello.Cols, hello.Rows));
        await observer.TypeAsync("from the observer\r");
        await observer.ResizeAsync(50, 12);
        // Answered after both: they have been taken, and had no effect.
        await observer.PingAsync(1);
        await controller.TypeAsync("from the controller\r");
        await observer.UntilAsync("from the controller\r\nfrom the controller");
        Assert.DoesNotContain("from the observer", observer.Output.Text(), StringComparison.Ordinal);
        SessionObject session = await daemon.SessionAsync("shared");
        Assert.Equal((100, 30, 1), (session.Size.Cols, session.Size.Rows, session.Observers));
    }

    [Fact]
    public async Task A_raw_observer_sees_output_and_its_keys_do_nothing()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await using WireClient observer = await daemon.AttachRawAsync("shared", "mode=observe");
        await observer.TypeAsync("from the observer\r");
        await using (PtyProgram other = daemon.OnTerminal("attach", "--observe", "shared"))
        {
            await Eventually.TrueAsync(async () => (await daemon.SessionAsync("shared")).Observers == 2, "both look on");
            // Its terminal is raw before it writes to it; until then the terminal itself would echo.
            await other.UntilAsync("\e[");
            other.Type("from the other\r");
            await daemon.TypeAsync("shared", "from the API\r");
            await other.UntilAsync("from the API\r\nfrom the API");
            Assert.DoesNotContain("from the other", other.Output.Text(), StringComparison.Ordinal);
        }

        await observer.UntilAsync("from the API\r\nfrom the API");
        Assert.DoesNotContain("from the observer", observer.Output.Text(), StringComparison.Ordinal);
    }

    /// <summary>T46: control moves at once although the old client reads nothing.</summary>
    [Fact]
    public async Task T46_A_stalled_controller_loses_control_at_once()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", ["sh", "-c", "read go; i=0; while [ $i -lt 40 ]; do seq 1 20000; i=$((i+1)); done; exec cat"]);
        using WebSocketUpgrade stalled = await WebSocketUpgrade.UnixAsync(daemon.Socket);
        Assert.Equal(101, await stalled.AskAsync("/v1/sessions/flood/attach", "sessiond.v1"));
        await daemon.TypeAsync("flood", "\r");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Offset > 4_000_000, "more output than a socket holds");
        long start = TimeProvider.System.GetTimestamp();
        await using WireClient next = await daemon.AttachAsync("flood", "scrollback=0", keepsOutput: false);
        Assert.Equal("controller", (await next.MessageAsync("hello")).Role);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    /// <summary>T46: a network that is dead, with both ends believing that it is not, holds up a takeover no longer than a stalled client does.</summary>
    [Fact]
    public async Task T46_Control_moves_within_a_second_from_behind_a_dead_network()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await using var relay = new CutRelay(daemon.Port);
        await daemon.NewAsync("flood", ["sh", "-c", "read go; exec yes"]);
        await using WireClient dead = await WireClient.AttachAsync(
            await WebSocketUpgrade.TcpAsync(relay.Port), "/v1/sessions/flood/attach?scrollback=0", "sessiond.v1", ("Authorization", $"Bearer {TestDaemon.Token}"));
        await dead.MessageAsync("hello");
        relay.GoDead();
        await daemon.TypeAsync("flood", "\r");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Offset > 4_000_000, "more output than the way holds");
        long start = TimeProvider.System.GetTimestamp();
        await using WireClient next = await daemon.AttachAsync("flood", "scrollback=0", keepsOutput: false);
        Assert.Equal("controller", (await next.MessageAsync("hello")).Role);
        // One second on a machine that has nothing else to do.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 10);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Observers == 0, "the dead one counts no more");
    }

    /// <summary>T46: whose network died in the middle of a paste does not hold up what others type.</summary>
    [Fact]
    public async Task T46_Who_takes_over_from_the_middle_of_a_message_types_at_once()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await using WireClient dead = await daemon.AttachAsync("shared");
        await dead.MessageAsync("hello");
        // A binary frame of 64 KiB, masked by zeros, of which only the beginning comes.
        await dead.WriteFrameBytesAsync([0x82, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0, 0, .. "begun\r"u8]);
        await dead.UntilAsync("begun\r\nbegun");
        await using WireClient next = await daemon.AttachAsync("shared");
        await next.MessageAsync("hello");
        long start = TimeProvider.System.GetTimestamp();
        await next.TypeAsync("mine\r");
        await next.UntilAsync("mine\r\nmine");
        // The dead one is given 60 s to learn that it was evicted.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 30);
    }

    /// <summary>T39: whoever takes over from a paste that nobody reads can still resize, acknowledge and interrupt.</summary>
    [Fact]
    public async Task T39_A_full_input_queue_holds_up_no_interrupt_and_no_resize()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("busy", ["bash", "-c", "trap 'echo INTERRUPTED' INT; echo READY; sleep 1000; exec cat"]);
        await daemon.UntilScreenAsync("busy", "READY");
        await FillInputAsync(daemon);
        await using WireClient next = await daemon.AttachAsync("busy", "cols=80&rows=24");
        await next.MessageAsync("hello");
        await next.TypeAsync("x");
        await next.ResizeAsync(101, 31);
        await next.PingAsync(1);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("busy")).Size == new SizeObject(101, 31), "the new size");
        await next.TypeAsync("\x03\x03");
        await next.UntilAsync("INTERRUPTED");
        await next.TypeAsync("goes on\r");
        await next.UntilAsync("goes on\r\ngoes on");
    }

    /// <summary>T39: docs/automation.md, "Interrupting".</summary>
    [Fact]
    public async Task T39_The_API_interrupts_although_a_client_is_in_the_middle_of_a_message()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string interrupted = Path.Combine(daemon.Folder, "interrupted");
        await daemon.NewAsync("busy", ["bash", "-c", $"trap ': >{interrupted}' INT; echo READY; sleep 1000; exec sleep 1000"]);
        await daemon.UntilScreenAsync("busy", "READY");
        await FillInputAsync(daemon);
        await daemon.TypeAsync("busy", "\x03");
        // The rest of the message follows, and what is on the screen scrolls away.
        await Eventually.TrueAsync(() => File.Exists(interrupted), "the program was interrupted");
    }

    /// <summary>Types as a client, within one message, until the session takes no more.</summary>
    private static async Task FillInputAsync(TestDaemon daemon)
    {
        WireClient paster = await daemon.AttachAsync("busy");
        await paster.MessageAsync("hello");
        string lines = string.Concat(Enumerable.Repeat("a line that nobody reads\n", 160_000));
        Task pasting = paster.TypeAsync(lines);
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage probe = await daemon.Http.PostAsync("v1/sessions/busy/input", new StringContent("x"));
                return (await probe.Content.ReadAsStringAsync()).Contains("\"accepted\":0", StringComparison.Ordinal);
            },
            "the queue is full");
        Assert.False(pasting.IsCompleted);
        _ = pasting.ContinueWith(_ => paster.DisposeAsync().AsTask(), TaskScheduler.Default);
    }

    /// <summary>T50: sizes are coalesced, but not beyond an eviction.</summary>
    [Fact]
    public async Task T50_A_size_that_an_evicted_client_wished_for_does_not_come_after_its_eviction()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        for (int round = 0; round < 10; round++)
        {
            await using WireClient first = await daemon.AttachAsync("shared", "cols=80&rows=24");
            await first.MessageAsync("hello");
            for (int i = 0; i < 5; i++) await first.ResizeAsync(200 + i, 50);
            await using WireClient second = await daemon.AttachAsync("shared", "cols=91&rows=27");
            await second.MessageAsync("hello");
            Assert.Equal(4001, await first.CloseCodeAsync());
            await second.ResizeAsync(92, 28);
            await Eventually.TrueAsync(async () => (await daemon.SessionAsync("shared")).Size == new SizeObject(92, 28), "the second one's size");
            Assert.DoesNotContain("\"cols\":20", second.Said.Text(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Control_can_be_released_and_claimed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await using WireClient first = await daemon.AttachAsync("shared");
        await using WireClient second = await daemon.AttachAsync("shared", "mode=observe");
        await second.MessageAsync("hello");
        await first.SendTextAsync("""{"type":"release"}""");
        Assert.Equal("observer", (await first.MessageAsync("role")).Role);
        await second.SendTextAsync("""{"type":"claim"}""");
        Assert.Equal("controller", (await second.MessageAsync("role")).Role);
        await second.TypeAsync("mine now\r");
        await first.UntilAsync("mine now\r\nmine now");
    }
}
