using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>A program that ended: its status, its last output, its screen (I12).</summary>
public sealed class ExitRecordTests
{
    [Theory]
    [InlineData("exit 7", 7, null)]
    [InlineData("exit 0", 0, null)]
    [InlineData("kill -KILL $$", null, "SIGKILL")]
    [InlineData("kill -SEGV $$", null, "SIGSEGV")]
    public async Task T75_The_exit_status_or_signal_is_kept_with_the_last_output(string end, int? code, string? signal)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("short", shell: $"seq 1 5000; echo the last words; {end}");
        SessionObject ended = await daemon.UntilStateAsync("short", "stopped");
        Assert.Equal((code, signal), (ended.ExitCode, ended.ExitSignal));
        Assert.NotNull(ended.ExitedAt);
        Assert.Null(ended.Pid);
        Assert.Contains("the last words", await daemon.ScreenAsync("short"), StringComparison.Ordinal);
        string log = await daemon.Http.GetStringAsync("v1/sessions/short/logs");
        Assert.Equal([.. Enumerable.Range(1, 5000).Select(i => $"{i}"), "the last words"], log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()));
    }

    /// <summary>T59: attaching to what has ended shows it and says how, and does not hang.</summary>
    [Fact]
    public async Task T59_Attaching_to_an_ended_session_brings_the_screen_the_exit_and_4002()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("ended", shell: "echo farewell; exit 3");
        await daemon.UntilStateAsync("ended", "stopped");
        await using WireClient client = await daemon.AttachAsync("ended");
        Assert.Equal(4002, await client.CloseCodeAsync());
        Assert.Equal(3, (await client.MessageAsync("exit")).Code);
        Assert.Contains("farewell", client.Output.Text(), StringComparison.Ordinal);
        await using PtyProgram terminal = daemon.OnTerminal("attach", "ended");
        Assert.Equal(3, await terminal.ExitCodeAsync());
        Assert.Contains("farewell", terminal.Output.Text(), StringComparison.Ordinal);
        Assert.Contains("[ended ended: exit 3]", terminal.Output.Text(), StringComparison.Ordinal);
        Assert.Single(await daemon.SessionsAsync());
    }

    /// <summary>T74: the leader's end is the session's, whoever else holds the terminal.</summary>
    [Fact]
    public async Task T74_A_background_job_that_holds_the_terminal_does_not_hold_up_the_end()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("job", ["bash", "-c", "trap '' HUP; (trap '' HUP; exec sleep 1000) & echo last; exit 5"]);
        SessionObject ended = await daemon.UntilStateAsync("job", "stopped");
        Assert.Equal(5, ended.ExitCode);
        Assert.Contains("last", await daemon.ScreenAsync("job"), StringComparison.Ordinal);
        await daemon.TerminateAsync("job");
        Assert.Empty(SessionsLeft.Of(daemon));
    }

    /// <summary>T76: with every slave closed the master is at its end, and the loop must not turn on that.</summary>
    [Fact]
    public async Task T76_A_living_leader_that_closed_its_terminal_costs_the_daemon_nothing()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using var folder = new TemporaryFolder();
        string closed = Path.Combine(folder.Path, "closed");
        string go = Path.Combine(folder.Path, "go");
        await daemon.NewAsync("closer", ["bash", "-c", $"mkfifo {go}; exec <&- >&- 2>&-; touch {closed}; read x <{go}; exit 9"]);
        await Eventually.TrueAsync(() => File.Exists(closed), "the leader has closed its terminal");
        await daemon.SessionAsync("closer");
        long before = CpuTicks(daemon.Pid);
        // A bounded time in which nothing is to happen: another program's clock measures it.
        await using (var second = PipedProgram.Start(["/bin/sleep", "2"], Host.Environ())) await second.ExitCodeAsync();
        long spent = CpuTicks(daemon.Pid) - before;
        // A loop that spins takes 200 ticks of 10 ms.
        Assert.InRange(spent, 0, 40);
        Assert.Equal("running", (await daemon.SessionAsync("closer")).State);
        await File.WriteAllTextAsync(go, "end\n");
        Assert.Equal(9, (await daemon.UntilStateAsync("closer", "stopped")).ExitCode);
    }

    [Fact]
    public async Task An_attached_client_gets_the_last_output_then_the_exit_then_4002()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("ending", ["sh", "-c", "read go; seq 1 20000; echo LAST; exit 4"]);
        await using WireClient client = await daemon.AttachAsync("ending");
        await client.MessageAsync("hello");
        await client.TypeAsync("\r");
        Assert.Equal(4002, await client.CloseCodeAsync());
        Assert.Equal(4, (await client.MessageAsync("exit")).Code);
        Assert.EndsWith("20000\r\nLAST\r\n", client.Output.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_session_is_started_again_and_keeps_its_history()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("twice", ["sh", "-c", "echo run of $$; exec cat"]);
        SessionObject first = await daemon.SessionAsync("twice");
        await daemon.UntilScreenAsync("twice", $"run of {first.Pid}");
        (await daemon.CliAsync("stop", "twice")).Expect(0);
        Assert.Equal("stopped", (await daemon.SessionAsync("twice")).State);
        (await daemon.CliAsync("start", "twice")).Expect(0);
        SessionObject second = await daemon.SessionAsync("twice");
        Assert.NotEqual(first.Pid, second.Pid);
        Assert.Equal(first.Epoch, second.Epoch);
        await daemon.UntilScreenAsync("twice", $"run of {second.Pid}");
        Assert.Contains($"run of {first.Pid}", await daemon.ScreenAsync("twice"), StringComparison.Ordinal);
    }

    /// <summary>utime and stime of /proc/PID/stat, clock ticks.</summary>
    private static long CpuTicks(int pid)
    {
        string text = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], System.Globalization.CultureInfo.InvariantCulture) + long.Parse(fields[12], System.Globalization.CultureInfo.InvariantCulture);
    }
}
