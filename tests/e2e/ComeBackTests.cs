namespace Sessiond.E2e.Tests;

/// <summary>The command line over a network that breaks: it comes back by itself, quietly, and never after a takeover. Alone, since what is quiet ends after a second, which other tests would take of the relay.</summary>
[Collection(nameof(ComeBackTests))]
[CollectionDefinition(nameof(ComeBackTests), DisableParallelization = true)]
public sealed class ComeBackTests
{
    [Fact]
    public async Task A_short_cut_is_not_seen_and_nothing_is_lost_or_doubled()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await using var relay = new CutRelay(daemon.Port);
        await daemon.NewAsync("echo", ["cat"]);
        await using PtyProgram terminal = Attach(daemon, relay);
        int shown = await UntilGreetedAsync(terminal);
        relay.Cut();
        relay.Mend();
        await daemon.TypeAsync("echo", "meanwhile\r");
        int after = await terminal.UntilAsync("meanwhile\r\nmeanwhile\r\n", shown);
        Assert.Equal("meanwhile\r\nmeanwhile\r\n", terminal.Output.Text()[shown..after]);
        terminal.Type("after\r");
        await terminal.UntilAsync("after\r\nafter\r\n", after);
    }

    [Fact]
    public async Task A_long_cut_shows_one_quiet_line_and_then_the_screen()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await using var relay = new CutRelay(daemon.Port);
        await daemon.NewAsync("echo", ["cat"]);
        await using PtyProgram terminal = Attach(daemon, relay);
        await UntilGreetedAsync(terminal);
        relay.Cut();
        int noticed = await terminal.UntilAsync("[echo: connection lost, coming back");
        await daemon.TypeAsync("echo", "meanwhile\r");
        relay.Mend();
        int back = await terminal.UntilAsync("meanwhile", noticed);
        terminal.Type("after\r");
        await terminal.UntilAsync("after\r\nafter", back);
        Assert.Equal(2, terminal.Output.Text().Split("connection lost").Length);
    }

    [Fact]
    public async Task A_window_that_is_resized_while_it_comes_back_is_not_forgotten()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await using var relay = new CutRelay(daemon.Port);
        await daemon.NewAsync("echo", ["cat"]);
        await using PtyProgram terminal = Attach(daemon, relay);
        await UntilGreetedAsync(terminal);
        relay.Hold();
        relay.Cut();
        relay.Mend();
        await Eventually.TrueAsync(() => relay.Held > 0, "it asks to come back");
        terminal.Resize(70, 20);
        relay.LetGo();
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("echo")) is { Attached: true, Size: { Cols: 70, Rows: 20 } }, "the new size");
    }

    /// <summary>T45: what somebody took over meanwhile is not taken back.</summary>
    [Fact]
    public async Task T45_After_a_takeover_meanwhile_it_says_so_and_exits_6()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await using var relay = new CutRelay(daemon.Port);
        await daemon.NewAsync("echo", ["cat"]);
        await using PtyProgram terminal = Attach(daemon, relay);
        await UntilGreetedAsync(terminal);
        relay.Cut();
        await Eventually.TrueAsync(async () => !(await daemon.SessionAsync("echo")).Attached, "the cut is noticed");
        await using WireClient other = await daemon.AttachAsync("echo");
        await other.MessageAsync("hello");
        relay.Mend();
        Assert.Equal(6, await terminal.ExitCodeAsync());
        Assert.Contains($"[taken over by {UserDatabase.Current().Name}]", terminal.Output.Text(), StringComparison.Ordinal);
        await other.TypeAsync("mine\r");
        await other.UntilAsync("mine\r\nmine");
    }

    /// <summary>What is shown of one's own typing came after the hello: before that there is no attachment to come back to.</summary>
    private static async Task<int> UntilGreetedAsync(PtyProgram terminal)
    {
        await terminal.UntilAsync(PtyProgram.Attached);
        terminal.Type("before\r");
        return await terminal.UntilAsync("before\r\nbefore\r\n");
    }

    private static PtyProgram Attach(TestDaemon daemon, CutRelay relay) => daemon.OnTerminal(
        "--url", $"http://127.0.0.1:{relay.Port}", "--token-file", Path.Combine(daemon.Folder, "token"), "attach", "echo");
}
