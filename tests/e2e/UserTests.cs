using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Sessions of another user than the daemon's.</summary>
public sealed class UserTests
{
    private const string Theirs = """
        [[sessions]]
        name = "theirs"
        user = "nobody"
        cwd = "/"
        command = ["cat"]
        """;

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
        await HasTerminalAloneAsync(session);
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

    /// <summary>The holder hears that the program has executed while there is a new daemon that was not given anything yet.</summary>
    [Fact]
    public async Task A_daemon_that_dies_while_another_users_program_is_on_its_way_is_followed_by_one_that_serves()
    {
        Host.RequireRoot();
        await using TestDaemon daemon = await TestDaemon.StartAsync(Theirs, environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        await daemon.UntilStateAsync("theirs", "running");
        ProcessEntry traveller = await StopOneOnItsWayAsync(daemon);
        int old = await daemon.KillDaemonAsync();
        ProcessEntry next = default;
        Assert.True(SpinWait.SpinUntil(() => daemon.DaemonPid is var pid && pid != 0 && pid != old && (next = ProcessTable.Find(pid) ?? default).Pid != 0, Host.Patience));
        ProcessTable.Signal(next, SignalNames.Stop);
        ProcessTable.Signal(traveller, SignalNames.Continue);
        await Eventually.TrueAsync(() => !IsOnItsWay(traveller), "it has executed");
        ProcessTable.Signal(next, SignalNames.Continue);
        await daemon.ServesAsync();
        Assert.Equal(traveller.Pid, (await daemon.UntilStateAsync("theirs", "running")).Pid);
        Assert.Equal(next.Pid, daemon.DaemonPid);
    }

    /// <summary>A start that is asked for while one of the daemon before is under way is no second one.</summary>
    [Fact]
    public async Task A_start_that_is_asked_for_anew_waits_for_the_program_that_a_dead_daemon_sent_on_its_way()
    {
        Host.RequireRoot();
        await using TestDaemon daemon = await TestDaemon.StartAsync(Theirs, environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        await daemon.UntilStateAsync("theirs", "running");
        ProcessEntry traveller = await StopOneOnItsWayAsync(daemon);
        await daemon.CrashAsync();
        Task start = StartAsync(daemon);
        // Round trips in which a second program would have been started.
        for (int i = 0; i < 50 && !start.IsCompleted; i++) await daemon.SessionAsync("theirs");
        ProcessTable.Signal(traveller, SignalNames.Continue);
        await start;
        Assert.Equal(traveller.Pid, (await daemon.UntilStateAsync("theirs", "running")).Pid);
    }

    /// <summary>close_range(2) is newer than kernels and seccomp filters that there are.</summary>
    [Fact]
    public async Task Where_close_range_is_refused_other_users_have_sessions_and_find_no_descriptor_that_is_not_theirs()
    {
        Host.RequireRoot();
        Host.Require("python3");
        // prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER): call 436 fails with ENOSYS, everything else is allowed.
        const string Filter = """
            import ctypes, os, struct, sys
            steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 436), (0x06, 0, 0, 0x00050026), (0x06, 0, 0, 0x7fff0000)]
            code = ctypes.create_string_buffer(b''.join(struct.pack('<HBBI', *step) for step in steps))
            program = ctypes.create_string_buffer(struct.pack('<HxxxxxxQ', len(steps), ctypes.addressof(code)))
            if ctypes.CDLL(None).prctl(22, 2, program, 0, 0) != 0: sys.exit('no filter')
            os.set_inheritable(os.open('/dev/null', os.O_RDONLY), True)
            os.execvp(sys.argv[1], sys.argv[1:])
            """;
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
            folder,
            $"schema = 1\nworkspace = \"{folder}\"\n[[sessions]]\nname = \"theirs\"\nuser = \"nobody\"\ncwd = \"/\"\ncommand = [\"cat\"]\n[[sessions]]\nname = \"ours\"\ncommand = [\"cat\"]\n",
            wrapper: ["python3", "-c", Filter]);
        foreach (string name in (string[])["theirs", "ours"])
        {
            SessionObject session = await daemon.UntilStateAsync(name, "running");
            await HasTerminalAloneAsync(session);
        }
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

    /// <summary>Starts the session again and again until its program is seen, and stopped, while it is still sessiond on its way to become another user.</summary>
    private static async Task<ProcessEntry> StopOneOnItsWayAsync(TestDaemon daemon)
    {
        while (true)
        {
            await daemon.PostAsync("v1/sessions/theirs/stop");
            Task start = StartAsync(daemon);
            while (!start.IsCompleted)
            {
                foreach (ProcessEntry entry in ProcessTable.Read().Where(entry => entry.Parent == daemon.Pid && IsOnItsWay(entry)))
                {
                    ProcessTable.Signal(entry, SignalNames.Stop);
                    await Eventually.TrueAsync(() => ProcessTable.Find(entry.Pid) is null or { IsStopped: true }, "it stands still");
                    if (IsOnItsWay(entry)) return entry;
                    ProcessTable.Signal(entry, SignalNames.Continue);
                }
            }

            await start;
        }
    }

    private static async Task StartAsync(TestDaemon daemon)
    {
        try
        {
            await daemon.PostAsync("v1/sessions/theirs/start");
        }
        catch (HttpRequestException)
        {
            // The daemon that was asked has died.
        }
    }

    private static bool IsOnItsWay(ProcessEntry entry) => ProcessTable.CommandLine(entry.Pid).Contains(ExecTrampoline.Verb, StringComparison.Ordinal);

    /// <summary>A program that is being loaded has its libraries open.</summary>
    private static Task HasTerminalAloneAsync(SessionObject session) => Eventually.TrueAsync(
        () => Directory.EnumerateFileSystemEntries($"/proc/{session.Pid}/fd").Select(Path.GetFileName).Order().SequenceEqual(["0", "1", "2"]),
        $"{session.Name} has no descriptors but its terminal's");
}
