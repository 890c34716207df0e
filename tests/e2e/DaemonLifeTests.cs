using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Signals to the daemon itself, and what is left after it.</summary>
public sealed class DaemonLifeTests
{
    [Fact]
    public async Task T80_SIGTERM_stops_every_session_and_the_daemon_exits_0()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shell", ["bash", "--norc", "-i"]);
        await daemon.NewAsync("tree", shell: "setsid sleep 1011 & sleep 1012");
        await using WireClient client = await daemon.AttachAsync("shell");
        await client.MessageAsync("hello");
        daemon.Process.Signal(SignalNames.Terminate);
        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
        Assert.True(await client.CloseCodeAsync() is 1001 or 4002, "the client is told");
        Assert.Empty(SessionsLeft.Of(daemon));
        Assert.False(File.Exists(daemon.Socket));
    }

    [Fact]
    public async Task T80_A_program_that_ignores_signals_does_not_hold_up_the_stop_beyond_the_grace()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [defaults]
            stop_timeout = "1s"
            [[sessions]]
            name = "stubborn"
            command = "trap '' HUP TERM INT; echo ready; while :; do sleep 1000; done"
            """);
        await daemon.UntilScreenAsync("stubborn", "ready");
        daemon.Process.Signal(SignalNames.Terminate);
        Assert.Equal(0, (await daemon.Process.Exit.WaitAsync(TimeSpan.FromSeconds(30))).ShellCode);
    }

    [Fact]
    public async Task T80_SIGHUP_is_not_fatal()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject before = await daemon.NewAsync("calm", ["cat"]);
        daemon.Process.Signal(SignalNames.HangUp);
        await daemon.TypeAsync("calm", "still here\r");
        await daemon.UntilScreenAsync("calm", "still here");
        Assert.Equal(before.Pid, (await daemon.SessionAsync("calm")).Pid);
        Assert.False(daemon.Process.Exit.IsCompleted);
    }

    [Fact]
    public async Task T86_A_state_folder_that_cannot_be_written_costs_the_log_files_alone()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using var second = PipedProgram.Start(
            [Host.Binary, "serve", "--spec", Path.Combine(daemon.Folder, "spec.toml"), "--socket", Path.Combine(daemon.Folder, "second", "s.sock"), "--state-dir", "/proc/none"], Host.Environ());
        await second.Output.UntilAsync("listening on");
        Assert.Contains("/proc/none is not writable", second.Output.Text(), StringComparison.Ordinal);
        (await daemon.CliAsync("--socket", Path.Combine(daemon.Folder, "second", "s.sock"), "new", "-d", "works", "--", "cat")).Expect(0);
        second.Signal(SignalNames.Terminate);
        Assert.Equal(0, await second.ExitCodeAsync());
    }

    [Fact]
    public async Task A_restart_policy_starts_the_program_again_until_it_gives_up()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "crashing"
            command = "echo crash; exit 1"
            restart = { policy = "on-failure", delay = "50ms", max = 3, within = "60s" }
            """);
        SessionObject failed = await daemon.UntilStateAsync("crashing", "failed");
        Assert.Equal(3, failed.Restarts);
        Assert.Contains("given up", failed.Reason, StringComparison.Ordinal);
    }
}
