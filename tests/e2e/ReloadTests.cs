using System.Net;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The spec that is read again, by the API and by SIGHUP: nothing ends, and a wrong one changes nothing.</summary>
public sealed class ReloadTests
{
    private const string Two = """
        [[sessions]]
        name = "stays"
        command = "echo one; exec cat"
        [[sessions]]
        name = "goes"
        command = ["cat"]

        """;

    [Fact]
    public async Task New_sessions_are_made_changed_ones_are_outdated_until_a_restart_and_removed_ones_stay()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(Two);
        int stays = (await daemon.UntilStateAsync("stays", "running")).Pid!.Value;
        int goes = (await daemon.UntilStateAsync("goes", "running")).Pid!.Value;
        await daemon.EditSpecAsync("echo one", "echo two");
        await daemon.EditSpecAsync("name = \"goes\"", "name = \"comes\"");
        ReloadResult result = await daemon.ReloadAsync();
        Assert.Equal("comes", Assert.Single(result.Created));
        Assert.Equal("stays", Assert.Single(result.Outdated));
        Assert.Equal("goes", Assert.Single(result.Removed));
        await daemon.UntilStateAsync("comes", "running");
        SessionObject present = await daemon.SessionAsync("stays");
        Assert.Equal((stays, true), (present.Pid, present.Outdated));
        SessionObject gone = await daemon.SessionAsync("goes");
        Assert.Equal((goes, "api"), (gone.Pid, gone.Source));
        await daemon.PostAsync("v1/sessions/stays/restart");
        await daemon.UntilScreenAsync("stays", "two");
        Assert.False((await daemon.SessionAsync("stays")).Outdated);
    }

    [Fact]
    public async Task A_spec_with_an_error_changes_nothing_and_says_why()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(Two);
        int pid = (await daemon.UntilStateAsync("stays", "running")).Pid!.Value;
        await daemon.EditSpecAsync("command = [\"cat\"]", "comand = [\"cat\"]");
        using HttpResponseMessage refused = await daemon.Http.PostAsync("v1/reload", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("comand", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        StatusObject status = await daemon.StatusAsync();
        Assert.Equal("running", status.State);
        Assert.Contains(status.Warnings, warning => warning.Contains("comand", StringComparison.Ordinal));
        SessionObject session = await daemon.SessionAsync("stays");
        Assert.Equal((pid, false), (session.Pid, session.Outdated));
        CliResult cli = await daemon.CliAsync("env", "reload");
        Assert.NotEqual(0, cli.ExitCode);
        Assert.Contains("comand", cli.Error, StringComparison.Ordinal);
        await daemon.EditSpecAsync("comand", "command");
        Assert.Empty((await daemon.ReloadAsync()).Warnings);
        await daemon.EditSpecAsync("[[sessions]]\nname = \"stays\"", "[logs]\nkeep = 1\n[[sessions]]\nname = \"stays\"");
        Assert.StartsWith("[logs] changed", Assert.Single((await daemon.ReloadAsync()).Warnings), StringComparison.Ordinal);
        Assert.Empty((await daemon.StatusAsync()).Warnings);
    }

    [Fact]
    public async Task A_devbox_whose_spec_was_wrong_comes_back_by_a_reload()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[hook]]
            event = "post_start"
            name = "prepare"
            run = "echo prepared >>ran"
            retrys = 3
            [[sessions]]
            name = "main"
            comand = "cat"
            primary = true
            [[sessions]]
            name = "needy"
            command = ["cat"]
            needs = ["hook:prepare"]
            """);
        StatusObject broken = await daemon.UntilDevboxAsync("failed");
        Assert.Contains("retrys", broken.Reason, StringComparison.Ordinal);
        Assert.Contains("comand", broken.Reason, StringComparison.Ordinal);
        Assert.Contains("comand", (await daemon.UntilStateAsync("main", "failed")).Reason, StringComparison.Ordinal);
        await daemon.UntilStateAsync("needy", "failed");
        await daemon.NewAsync("rescue", ["cat"]);
        await daemon.EditSpecAsync("retrys", "retries");
        await daemon.EditSpecAsync("comand", "command");
        await daemon.ReloadAsync();
        await daemon.UntilDevboxAsync("running");
        await daemon.UntilStateAsync("main", "running");
        await daemon.UntilStateAsync("needy", "running");
        Assert.Equal("running", (await daemon.SessionAsync("rescue")).State);
    }

    /// <summary>The spec may have been read before it was edited.</summary>
    [Fact]
    public async Task SIGHUP_that_comes_before_everything_is_started_counts()
    {
        using var probe = new SlowProbe();
        await using TestDaemon daemon = await TestDaemon.StartAsync(probe.Spec + Two);
        await daemon.EditSpecAsync("name = \"goes\"", "name = \"comes\"");
        daemon.Process.Signal(SignalNames.HangUp);
        // Whatever the holder was told before this is done before it.
        await daemon.StatusAsync();
        probe.GoOn();
        await daemon.Process.Output.UntilAsync("the spec was read again");
        await daemon.UntilStateAsync("comes", "running");
    }

    [Fact]
    public async Task SIGHUP_reads_the_spec_again_and_runs_what_failed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("[hooks]\npost_start = \"exit 3\"\n" + Two);
        await daemon.UntilDevboxAsync("failed");
        await daemon.EditSpecAsync("exit 3", "exit 0");
        daemon.Process.Signal(SignalNames.HangUp);
        await daemon.Process.Output.UntilAsync("the spec was read again");
        await daemon.UntilHookAsync("post_start", "succeeded");
        await daemon.UntilDevboxAsync("running");
        Assert.False(daemon.Process.Exit.IsCompleted);
    }
}
