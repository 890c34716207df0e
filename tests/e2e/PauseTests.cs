using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Freezing a session and letting it go on.</summary>
public sealed class PauseTests
{
    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task A_paused_session_stands_still_over_a_crash_goes_on_and_leaves_stopped_what_the_user_stopped(string cgroups)
    {
        bool hasCgroups = cgroups == "on" && Cgroups.ArePossible;
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: [("SESSIOND_HOLDER_PAUSE", "0"), (Cgroups.Switch, cgroups)]);
        // bash forks; a shell that shares its child's start (vfork) is not stopped before that child has executed.
        await daemon.NewAsync("p", ["bash", "-c", "sleep 1013 & sleep 0.5; kill -STOP $!; setsid sleep 1014 & while :; do date +%N; sleep 0.01; done"]);
        int Find(string command) => SessionsLeft.Of(daemon).FirstOrDefault(entry => ProcessTable.CommandLine(entry.Pid) == command).Pid;
        await Eventually.TrueAsync(() => Find("sleep 1013") != 0 && Find("sleep 1014") != 0, "both sleep");
        (int byUser, int other) = (Find("sleep 1013"), Find("sleep 1014"));
        await Eventually.TrueAsync(() => ProcessTable.Find(byUser)!.Value.IsStopped, "the user's is stopped");
        (await daemon.CliAsync("pause", "p")).Expect(0);
        SessionObject paused = await daemon.SessionAsync("p");
        Assert.Equal("paused", paused.State);
        Assert.All(SessionsLeft.Of(daemon), entry => Assert.True(hasCgroups ? Cgroups.Of(entry.Pid).IsFreezing : entry.IsStopped, ProcessTable.CommandLine(entry.Pid)));
        await daemon.CrashAsync();
        paused = await daemon.SessionAsync("p");
        Assert.Equal("paused", paused.State);
        (await daemon.CliAsync("resume", "p")).Expect(0);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("p")).Offset > paused.Offset, "it prints again");
        Assert.False(ProcessTable.Find(other)!.Value.IsStopped);
        Assert.True(ProcessTable.Find(byUser)!.Value.IsStopped);
        (await daemon.CliAsync("pause", "p")).Expect(0);
        await using (WireClient client = await daemon.AttachAsync("p")) await daemon.UntilStateAsync("p", "running");
        (await daemon.CliAsync("pause", "p")).Expect(0);
        Assert.Empty((await daemon.TerminateAsync("p")).Left);
        Assert.Empty(SessionsLeft.Of(daemon));
    }
}
