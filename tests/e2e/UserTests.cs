using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Sessions of another user than the daemon's.</summary>
public sealed class UserTests
{
    [Fact]
    public async Task A_session_runs_as_its_user_with_that_users_groups_and_home()
    {
        Host.RequireRoot();
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "theirs"
            user = "nobody"
            cwd = "/"
            command = "id -un; id -G; echo home=$HOME user=$USER logname=$LOGNAME; stat -c 'tty %U %a' $(tty); echo END; exec cat"
            """);
        UserIdentity nobody = UserDatabase.Find("nobody")!;
        string screen = await daemon.UntilScreenAsync("theirs", "END");
        string[] lines = screen.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal("nobody", lines[0]);
        Assert.Equal(nobody.Groups.Select(group => $"{group}").Order(), lines[1].Split(' ').Order());
        Assert.Contains($"home={nobody.Home} user=nobody logname=nobody", lines);
        Assert.Matches("tty nobody 6[02]0", screen);
        SessionObject session = await daemon.SessionAsync("theirs");
        Assert.Equal(["0", "1", "2"], Directory.EnumerateFileSystemEntries($"/proc/{session.Pid}/fd").Select(Path.GetFileName).Order());
        string status = await File.ReadAllTextAsync($"/proc/{session.Pid}/status");
        Assert.Matches($@"Uid:\s+{nobody.Uid}\s+{nobody.Uid}\s+{nobody.Uid}\s+{nobody.Uid}", status);
        // Job control works for them too.
        await daemon.TypeAsync("theirs", "\u0003");
        Assert.Equal("SIGINT", (await daemon.UntilStateAsync("theirs", "stopped")).ExitSignal);
    }

    [Fact]
    public async Task A_missing_command_of_another_user_is_reported_and_not_an_exit()
    {
        Host.RequireRoot();
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "missing"
            user = "nobody"
            cwd = "/"
            command = ["/nowhere/program"]
            [[sessions]]
            name = "closed"
            user = "nobody"
            cwd = "/root"
            command = ["cat"]
            """);
        SessionObject missing = await daemon.UntilStateAsync("missing", "failed");
        Assert.Contains("no such file", missing.Reason, StringComparison.Ordinal);
        Assert.Null(missing.ExitCode);
        Assert.SkipWhen((File.GetUnixFileMode("/root") & UnixFileMode.OtherExecute) != 0, "/root is open to everyone here");
        SessionObject closed = await daemon.UntilStateAsync("closed", "failed");
        Assert.Contains("permission denied", closed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminating_another_users_session_leaves_nothing()
    {
        Host.RequireRoot();
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "theirs"
            user = "nobody"
            cwd = "/"
            command = "setsid sleep 1009 & sleep 1010"
            """);
        await Eventually.TrueAsync(() => ProcessTable.Read().Any(entry => ProcessTable.CommandLine(entry.Pid) == "sleep 1009"), "both run");
        TerminateResult result = await daemon.TerminateAsync("theirs");
        Assert.Contains(result.Killed, killed => killed.Command == "sleep 1009");
        Assert.DoesNotContain(ProcessTable.Read(), entry => ProcessTable.CommandLine(entry.Pid) is "sleep 1009" or "sleep 1010");
    }

    [Fact]
    public async Task The_API_refuses_a_user_who_is_not_listed()
    {
        Host.RequireRoot();
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions", TestDaemon.Json("""{"name":"theirs","user":"nobody"}"""));
        Assert.Equal(403, (int)response.StatusCode);
    }
}
