using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>A terminate leaves no process behind (I8).</summary>
public sealed class TerminateTests
{
    public static TheoryData<string, string[]> Trees => new()
    {
        { "sh -c 'sleep 1000 & setsid sleep 1001 & wait'", ["sleep 1000", "sleep 1001"] },
        { "nohup sleep 1002 >/dev/null 2>&1 & wait", ["sleep 1002"] },
        { "(setsid sh -c 'sleep 1003 & exit') ; sleep 1004", ["sleep 1003", "sleep 1004"] },
        { "setsid setsid sh -c '(sleep 1005 &)' ; exec sleep 1006", ["sleep 1005", "sleep 1006"] },
        { "bash -c 'sleep 1007 & disown; exec sleep 1008'", ["sleep 1007", "sleep 1008"] },
    };

    [Theory]
    [MemberData(nameof(Trees))]
    public Task T71_Nothing_of_a_terminated_session_is_left(string command, string[] expected) => NothingIsLeftAsync(command, expected, "on");

    [Theory]
    [MemberData(nameof(Trees))]
    public Task T71_Nothing_is_left_without_cgroups(string command, string[] expected) => NothingIsLeftAsync(command, expected, "off");

    private static async Task NothingIsLeftAsync(string command, string[] expected, string cgroups)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: (Cgroups.Switch, cgroups));
        await daemon.NewAsync("tree", shell: command);
        await Eventually.TrueAsync(() => expected.All(name => SessionsLeft.Of(daemon).Any(entry => CommandOf(entry) == name)), "all processes of the tree run");
        List<ProcessEntry> before = SessionsLeft.Of(daemon);
        TerminateResult result = await daemon.TerminateAsync("tree");
        Assert.Empty(result.Left);
        Assert.Empty(SessionsLeft.Of(daemon));
        Assert.All(expected, name => Assert.Contains(result.Killed, killed => killed.Command == name));
        Assert.All(result.Killed, killed => Assert.StartsWith("SIG", killed.Signal, StringComparison.Ordinal));
        Assert.Subset(before.Select(entry => entry.Pid).ToHashSet(), expected.Select(name => result.Killed.First(killed => killed.Command == name).Pid).ToHashSet());
        Assert.Empty(await daemon.SessionsAsync());
    }

    /// <summary>T70: what ignores the polite signals is killed in the stated time.</summary>
    [Fact]
    public async Task T70_A_process_that_ignores_HUP_and_TERM_is_killed_within_the_stop_timeout()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "stubborn"
            command = "trap '' HUP TERM; echo ready; while :; do sleep 1000; done"
            stop_timeout = "1s"
            """);
        await daemon.UntilScreenAsync("stubborn", "ready");
        SessionObject session = await daemon.SessionAsync("stubborn");
        long start = TimeProvider.System.GetTimestamp();
        TerminateResult result = await daemon.TerminateAsync("stubborn");
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0.5, 20);
        Assert.Empty(result.Left);
        Assert.Contains(result.Killed, killed => killed.Pid == session.Pid && killed.Signal == "SIGKILL");
        Assert.Empty(SessionsLeft.Of(daemon));
    }

    /// <summary>T70: an interactive shell ignores SIGTERM, so the first signal is SIGHUP and it is enough.</summary>
    [Fact]
    public async Task T70_An_interactive_shell_ends_at_the_first_signal()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shell", ["bash", "--norc", "-i"]);
        await daemon.UntilScreenAsync("shell", "bash-");
        TerminateResult result = await daemon.TerminateAsync("shell");
        Assert.Equal(["SIGHUP"], result.Killed.Select(killed => killed.Signal).Distinct());
    }

    [Fact]
    public async Task A_stopped_job_is_woken_so_that_it_can_end()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject session = await daemon.NewAsync("stopped", ["sh", "-c", "trap 'exit 0' HUP; kill -STOP $$; while :; do sleep 1; done"]);
        await Eventually.TrueAsync(() => File.ReadAllText($"/proc/{session.Pid}/stat").Contains(") T ", StringComparison.Ordinal), "the program is stopped");
        TerminateResult result = await daemon.TerminateAsync("stopped");
        Assert.Empty(result.Left);
        Assert.DoesNotContain(result.Killed, killed => killed.Pid == session.Pid && killed.Signal == "SIGKILL");
    }

    /// <summary>T72: what is orphaned and ends is reaped.</summary>
    [Fact]
    public async Task T72_A_hundred_double_forked_children_leave_no_zombie()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("forks", ["sh", "-c", "i=0; while [ $i -lt 100 ]; do (setsid sleep 0.1 &) ; i=$((i+1)); done; echo forked; exec cat"]);
        await daemon.UntilScreenAsync("forks", "forked");
        await Eventually.TrueAsync(() => !ProcessTable.Read().Any(entry => entry.Parent == daemon.Pid && entry.IsZombie), "no zombie is left");
        await Eventually.TrueAsync(() => ProcessTable.Read().Count(entry => entry.Parent == daemon.Pid) == 2, "all but the daemon and the program have ended and are reaped");
    }

    [Fact]
    public async Task The_command_line_terminates_and_says_what_it_ended()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("one", ["sleep", "1000"]);
        await using (PtyProgram terminal = daemon.OnTerminal(120, 24, "terminate", "one"))
        {
            Assert.Equal(0, await terminal.ExitCodeAsync());
            await terminal.UntilAsync("sleep 1000");
        }

        (await daemon.CliAsync("terminate", "one")).Expect(3);
        await daemon.NewAsync("two", ["sleep", "1000"]);
        CliResult json = (await daemon.CliAsync("delete", "two", "--json")).Expect(0);
        Assert.Contains("\"killed\":[{\"pid\":", json.Out, StringComparison.Ordinal);
    }

    private static string CommandOf(ProcessEntry entry) => ProcessTable.CommandLine(entry.Pid);
}
