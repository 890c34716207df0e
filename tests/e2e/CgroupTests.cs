using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>A session's processes are in a cgroup of their own, and nothing they do gets them out of it (I8).</summary>
public sealed class CgroupTests
{
    /// <summary>A number that no other test sleeps for, so that a process can be told by its command line alone.</summary>
    private static int NewNumber() => Random.Shared.Next(100_000, 1_000_000);

    /// <summary>What starts a program in a cgroup.</summary>
    private static string[] StartIn(Cgroup cgroup) => ["sh", "-c", "echo 0 > $0/cgroup.procs && exec \"$@\"", cgroup.Folder];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T71_A_daemon_without_parents_session_and_environment_is_ended(bool withCgroups)
    {
        if (withCgroups) Cgroups.Require();
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: (Cgroups.Switch, withCgroups ? "on" : "off"));
        int number = NewNumber();
        await daemon.NewAsync("hides", shell: $"(setsid env -i sh -c 'sleep {number} & exec setsid sleep {number}' &) ; exec cat");
        await Eventually.TrueAsync(() => Cgroups.Running($"sleep {number}").Count == 2, "both sleep");
        TerminateResult result = await daemon.TerminateAsync("hides");
        Assert.Empty(result.Left);
        if (withCgroups)
        {
            Assert.Equal(2, result.Killed.Count(killed => killed.Command == $"sleep {number}"));
            Assert.Empty(Cgroups.Running($"sleep {number}"));
        }
        else
        {
            Assert.Contains($"no cgroups: {Cgroups.Switch}=off", daemon.Log, StringComparison.Ordinal);
            await daemon.StopAsync();
            Assert.Contains("processes that no session could be told for were ended", daemon.Log, StringComparison.Ordinal);
            Assert.Empty(Cgroups.Running($"sleep {number}"));
        }
    }

    [Fact]
    public async Task A_program_is_in_its_cgroup_from_its_first_line_on_also_another_users_a_hooks_and_a_probes()
    {
        string own = Cgroups.Require();
        int number = NewNumber();
        string other = UserDatabase.IsRoot ? "user = \"nobody\"" : "";
        await using TestDaemon daemon = await TestDaemon.StartAsync($$"""
            [hooks]
            on_create = "cat /proc/self/cgroup > hook.txt; setsid env -i sleep {{number}} > /dev/null 2>&1 &"
            [[sessions]]
            name = "ours"
            command = ["sh", "-c", "cat /proc/self/cgroup; exec cat"]
            ready = { exec = "cat /proc/self/cgroup > probe.txt" }
            [[sessions]]
            name = "theirs"
            cwd = "/"
            {{other}}
            command = ["sh", "-c", "cat /proc/self/cgroup; exec cat"]
            """);
        foreach (string name in (string[])["ours", "theirs"])
        {
            await daemon.UntilScreenAsync(name, "0::");
            await daemon.UntilStateAsync(name, "running");
            Assert.Matches(@"0::/.*sessiond-\w+/s-\w+/1\s", await daemon.ScreenAsync(name) + "\n");
        }

        Assert.Matches(@"0::/.*sessiond-\w+/p-\S+\.hook\.\d+\n", await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "hook.txt")));
        Assert.Matches(@"0::/.*sessiond-\w+/p-\S+\.probe\.\d+\n", await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "probe.txt")));
        string root = Cgroups.RootOf((await daemon.SessionAsync("ours")).Pid!.Value);
        Assert.Equal(own, Path.GetDirectoryName(root));
        // The holder and the daemon are in none of them.
        Assert.Equal(own, Cgroups.Of(daemon.Pid).Folder);
        Assert.Equal(own, Cgroups.Of(daemon.DaemonPid).Folder);
        await Eventually.TrueAsync(() => Cgroups.Running($"sleep {number}").Count == 1, "what the hook left sleeps");
        await daemon.StopAsync();
        Assert.Empty(Cgroups.Running($"sleep {number}"));
        Assert.False(Directory.Exists(root), "the folder is gone with the last of them");
    }

    /// <summary>What <c>before</c> and earlier runs left in the background is the session's as well.</summary>
    [Fact]
    public async Task Everything_of_all_runs_is_frozen_and_ended_and_empty_cgroups_are_removed()
    {
        Cgroups.Require();
        int number = NewNumber();
        await using TestDaemon daemon = await TestDaemon.StartAsync($$"""
            [env]
            HOME = "${workspace}"
            [[sessions]]
            name = "runs"
            before = "setsid env -i sleep {{number}} &"
            command = ["sh", "-c", "setsid env -i sleep {{number}} & exec cat"]
            """);
        await daemon.UntilStateAsync("runs", "running");
        await Eventually.TrueAsync(() => Cgroups.Running($"sleep {number}").Count == 2, "both sleep");
        Cgroup program = Cgroups.Of((await daemon.SessionAsync("runs")).Pid!.Value);
        Cgroup session = new(Path.GetDirectoryName(program.Folder)!, Host.Loop);
        Assert.Equal(2, session.Children().Count);
        (await daemon.CliAsync("pause", "runs")).Expect(0);
        Assert.All(session.Children(), run => Assert.Contains("frozen 1", File.ReadAllText(Path.Combine(run.Folder, "cgroup.events")), StringComparison.Ordinal));
        (await daemon.CliAsync("resume", "runs")).Expect(0);
        await daemon.TypeAsync("runs", "\u0003");
        await daemon.UntilStateAsync("runs", "stopped");
        Assert.Equal(2, Cgroups.Running($"sleep {number}").Count);
        await daemon.CrashAsync();
        TerminateResult result = await daemon.TerminateAsync("runs");
        Assert.Equal(2, result.Killed.Count(killed => killed.Command == $"sleep {number}"));
        Assert.Empty(Cgroups.Running($"sleep {number}"));
        Assert.False(Directory.Exists(session.Folder), "nothing of it is left");
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task A_storm_of_forks_stands_still_and_is_ended_as_it_stands(string cgroups)
    {
        if (cgroups == "on") Cgroups.Require();
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: (Cgroups.Switch, cgroups));
        string file = Path.Combine(daemon.Folder, "storm");
        await daemon.NewAsync("storm", shell: $"trap '' HUP TERM; while :; do (echo x >> {file}; exec sleep 0.02) & sleep 0.002; done");
        await Eventually.TrueAsync(() => File.Exists(file) && new FileInfo(file).Length > 100, "it forks");
        (await daemon.CliAsync("pause", "storm")).Expect(0);
        long length = new FileInfo(file).Length;
        Assert.Equal("paused", (await daemon.SessionAsync("storm")).State);
        Assert.Equal(length, new FileInfo(file).Length);
        (await daemon.CliAsync("resume", "storm")).Expect(0);
        await Eventually.TrueAsync(() => new FileInfo(file).Length > length, "it goes on");
        (await daemon.CliAsync("pause", "storm")).Expect(0);
        TerminateResult result = await daemon.TerminateAsync("storm");
        Assert.Empty(result.Left);
        Assert.Contains(result.Killed, killed => killed.Signal == "SIGKILL");
        Assert.Empty(SessionsLeft.Of(daemon));
    }

    [Fact]
    public async Task A_paused_session_takes_the_stop_signal_and_starts_again()
    {
        Cgroups.Require();
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject session = await daemon.NewAsync("p", ["sh", "-c", "trap 'echo told; exit 7' HUP; echo ready; while :; do sleep 0.05; done"]);
        await daemon.UntilScreenAsync("p", "ready");
        (await daemon.CliAsync("pause", "p")).Expect(0);
        Assert.True(Cgroups.Of(session.Pid!.Value).IsFreezing);
        (await daemon.CliAsync("stop", "p")).Expect(0);
        SessionObject stopped = await daemon.SessionAsync("p");
        Assert.Equal(("stopped", 7), (stopped.State, stopped.ExitCode));
        await daemon.UntilScreenAsync("p", "told");
        (await daemon.CliAsync("start", "p")).Expect(0);
        await daemon.UntilStateAsync("p", "running");
    }

    /// <summary>Whoever kills the leader of a frozen session does not stop the one that spawns the next run.</summary>
    [Fact]
    public async Task A_leader_that_is_killed_while_frozen_is_started_again()
    {
        Cgroups.Require();
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "again"
            command = "sleep 1015 & while :; do date +%N; sleep 0.01; done"
            restart = { policy = "always", delay = "0s" }
            """);
        await daemon.UntilStateAsync("again", "running");
        int pid = (await daemon.SessionAsync("again")).Pid!.Value;
        (await daemon.CliAsync("pause", "again")).Expect(0);
        ProcessTable.Signal(ProcessTable.Find(pid)!.Value, SignalNames.Kill);
        await Eventually.TrueAsync(async () => await daemon.SessionAsync("again") is { State: "running", Pid: { } next } && next != pid, "it runs again");
        long offset = (await daemon.SessionAsync("again")).Offset;
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("again")).Offset > offset, "and prints");
        Assert.Empty((await daemon.TerminateAsync("again")).Left);
        Assert.Empty(SessionsLeft.Of(daemon));
    }

    [Fact]
    public async Task A_crash_and_an_upgrade_of_both_keep_the_cgroups_and_the_pause()
    {
        Cgroups.Require();
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        SessionObject session = await daemon.NewAsync("kept", shell: "while :; do date +%N; sleep 0.01; done");
        Cgroup cgroup = Cgroups.Of(session.Pid!.Value);
        (await daemon.CliAsync("pause", "kept")).Expect(0);
        await daemon.CrashAsync();
        (await daemon.CliAsync("upgrade", "--holder")).Expect(0);
        await daemon.ServesAsync();
        Assert.True(cgroup.IsFreezing);
        Assert.Equal("paused", (await daemon.SessionAsync("kept")).State);
        long offset = (await daemon.SessionAsync("kept")).Offset;
        await using (WireClient client = await daemon.AttachAsync("kept")) await daemon.UntilStateAsync("kept", "running");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("kept")).Offset > offset, "it prints again");
        SessionObject next = await daemon.NewAsync("next", ["cat"]);
        Assert.Equal(Cgroups.RootOf(session.Pid.Value), Cgroups.RootOf(next.Pid!.Value));
        Assert.Empty((await daemon.TerminateAsync("kept")).Left);
        Assert.False(Directory.Exists(cgroup.Folder));
    }

    [Fact]
    public async Task What_dead_holders_left_is_removed_when_it_is_empty_and_reported_when_it_is_not()
    {
        // In a cgroup of its own: the daemons of other tests remove leftovers too.
        var container = new Cgroup(Path.Combine(Cgroups.Require(), $"container-{Guid.NewGuid():N}"), Host.Loop);
        var empty = new Cgroup(Path.Combine(container.Folder, "sessiond-empty"), Host.Loop);
        var held = new Cgroup(Path.Combine(container.Folder, "sessiond-held"), Host.Loop);
        var populated = new Cgroup(Path.Combine(container.Folder, "sessiond-full"), Host.Loop);
        foreach (Cgroup cgroup in (Cgroup[])[empty, held, populated]) Directory.CreateDirectory(Path.Combine(cgroup.Folder, "s-1/1"));
        using SafeFd? holding = FolderLock.TryTake(held.Folder);
        await using var sleeper = PipedProgram.Start(["sleep", "1016"], Host.Environ(), "/");
        await File.WriteAllTextAsync(Path.Combine(populated.Folder, "s-1/1/cgroup.procs"), $"{sleeper.Pid}");
        try
        {
            string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
            await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(folder, $"schema = 1\nworkspace = \"{folder}\"\n", wrapper: StartIn(container));
            Assert.False(Directory.Exists(empty.Folder));
            Assert.True(Directory.Exists(Path.Combine(held.Folder, "s-1/1")));
            Assert.Contains($"{populated.Folder}, of a sessiond that is gone, still holds processes: {sleeper.Pid} sleep 1016", daemon.Log, StringComparison.Ordinal);
        }
        finally
        {
            sleeper.Signal(SignalNames.Kill);
            await sleeper.Exit;
            Assert.True(container.TryRemove());
        }
    }

    /// <summary>Each makes its folder while the others remove those that are nobody's.</summary>
    [Fact]
    public async Task Daemons_that_start_at_the_same_time_do_not_take_each_others_cgroups_for_leftovers()
    {
        const int Rounds = 5;
        const int AtOnce = 8;
        Cgroups.Require();
        for (int round = 0; round < Rounds; round++)
        {
            TestDaemon[] daemons = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => TestDaemon.StartAsync()));
            try
            {
                Assert.All(daemons, static daemon => Assert.DoesNotContain("no cgroups", daemon.Log, StringComparison.Ordinal));
            }
            finally
            {
                foreach (TestDaemon daemon in daemons) await daemon.DisposeAsync();
            }
        }
    }

    /// <summary>A holder that is killed takes everything with it: its daemon ends the sessions and removes the folder.</summary>
    [Fact]
    public async Task A_holder_that_is_killed_leaves_no_process_and_no_folder()
    {
        Cgroups.Require();
        int number = NewNumber();
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject session = await daemon.NewAsync("hides", shell: $"(setsid env -i sleep {number} &) ; exec cat");
        await Eventually.TrueAsync(() => Cgroups.Running($"sleep {number}").Count == 1, "it sleeps");
        string root = Cgroups.RootOf(session.Pid!.Value);
        daemon.Process.Signal(SignalNames.Kill);
        await Eventually.TrueAsync(() => !Directory.Exists(root), "the folder is gone");
        Assert.Empty(Cgroups.Running($"sleep {number}"));
    }

    /// <summary>What docker in docker does first: all processes of the container's cgroup go to one below it, since it hands its controllers down from then on.</summary>
    [Fact]
    public async Task A_container_that_is_nested_after_the_start_gives_sessions_their_cgroups_all_the_same()
    {
        string own = Cgroups.Require();
        Host.RequireRoot();
        string controller = (await File.ReadAllTextAsync(Path.Combine(own, "cgroup.controllers"))).Split(' ', '\n')[0];
        Assert.SkipWhen(controller.Length == 0, "no controller is bound to cgroups of version 2");
        string handedDown = Path.Combine(own, "cgroup.subtree_control");
        bool isOurs = !(await File.ReadAllTextAsync(handedDown)).Split(' ', '\n').Contains(controller);
        if (isOurs) await File.WriteAllTextAsync(handedDown, $"+{controller}");
        var container = new Cgroup(Path.Combine(own, $"container-{Guid.NewGuid():N}"), Host.Loop);
        Directory.CreateDirectory(container.Folder);
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        try
        {
            await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
                folder, $"schema = 1\nworkspace = \"{folder}\"\n", wrapper: StartIn(container));
            string inside = Directory.CreateDirectory(Path.Combine(container.Folder, "init")).FullName;
            foreach (string pid in await File.ReadAllLinesAsync(Path.Combine(container.Folder, "cgroup.procs"))) await File.WriteAllTextAsync(Path.Combine(inside, "cgroup.procs"), pid);
            await File.WriteAllTextAsync(Path.Combine(container.Folder, "cgroup.subtree_control"), $"+{controller}");
            SessionObject session = await daemon.NewAsync("next", shell: "setsid env -i sleep 1022 & exec cat");
            Assert.Equal(container.Folder, Path.GetDirectoryName(Cgroups.RootOf(session.Pid!.Value)));
            Assert.Equal(inside, Cgroups.Of(daemon.Pid).Folder);
            await Eventually.TrueAsync(() => Cgroups.Of(session.Pid.Value).Pids().Count == 2, "both run");
            TerminateResult result = await daemon.TerminateAsync("next");
            Assert.Equal(2, result.Killed.Count);
            await daemon.StopAsync();
        }
        finally
        {
            Assert.True(await container.IsEmptyWithinAsync(Host.Patience, TimeProvider.System, CancellationToken.None));
            Assert.True(container.TryRemove());
            if (isOurs) await File.WriteAllTextAsync(handedDown, $"-{controller}");
        }
    }

    /// <summary>In a container with a cgroup namespace the root that is seen is the container's own cgroup.</summary>
    [Fact]
    public async Task T80_As_PID_1_with_a_cgroup_namespace_sessions_have_cgroups_too()
    {
        string own = Cgroups.Require();
        Host.RequireRoot();
        Host.Require("unshare");
        var container = new Cgroup(Path.Combine(own, $"container-{Guid.NewGuid():N}"), Host.Loop);
        Directory.CreateDirectory(container.Folder);
        const string Enter = "echo 0 > $0/cgroup.procs && m=$1 && shift && exec unshare -C -m -pf --mount-proc sh -c 'umount $0 && mount -t cgroup2 none $0 && exec \"$@\"' $m \"$@\"";
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        try
        {
            await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
                folder, $"schema = 1\nworkspace = \"{folder}\"\n", wrapper: ["sh", "-c", Enter, container.Folder, own]);
            int number = NewNumber();
            await daemon.NewAsync("inside", shell: $"(setsid env -i sleep {number} &) ; cat /proc/self/cgroup; exec cat");
            Assert.Matches(@"0::/sessiond-\w+/s-\w+/1\s", await daemon.UntilScreenAsync("inside", "0::"));
            await Eventually.TrueAsync(() => Cgroups.Running($"sleep {number}").Count == 1, "it sleeps");
            (await daemon.CliAsync("pause", "inside")).Expect(0);
            Assert.Empty((await daemon.TerminateAsync("inside")).Left);
            Assert.Empty(Cgroups.Running($"sleep {number}"));
            int holder = ProcessTable.Read().First(entry => entry.Parent == daemon.Pid).Pid;
            ProcessTable.Signal(ProcessTable.Find(holder)!.Value, SignalNames.Terminate);
            Assert.Equal(0, await daemon.Process.ExitCodeAsync());
            Assert.Empty(container.Children());
        }
        finally
        {
            Assert.True(container.TryRemove());
        }
    }

    [Theory]
    [InlineData("setpriv", "no cgroups: ")]
    [InlineData("umount", "no cgroups: no mounted cgroup2 file system shows the cgroup ")]
    public async Task Where_none_can_be_made_sessions_are_paused_and_ended_by_signals(string how, string said)
    {
        string own = Cgroups.Require();
        Host.RequireRoot();
        Host.Require(how, "unshare");
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1FF);
        UserIdentity nobody = UserDatabase.Find("nobody")!;
        string[] wrapper = how == "setpriv"
            ? ["setpriv", $"--reuid={nobody.Uid}", $"--regid={nobody.Gid}", "--clear-groups"]
            : ["unshare", "-m", "sh", "-c", "umount -l $0 && exec \"$@\"", own];
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(folder, $"schema = 1\nworkspace = \"{folder}\"\n", wrapper: wrapper);
        Assert.Contains(said, daemon.Log, StringComparison.Ordinal);
        SessionObject session = await daemon.NewAsync("plain", shell: "setsid sleep 1017 & exec cat");
        await Eventually.TrueAsync(() => SessionsLeft.Of(daemon).Any(entry => ProcessTable.CommandLine(entry.Pid) == "sleep 1017"), "it sleeps");
        Assert.Equal(Cgroups.Of(Environment.ProcessId).Folder, Cgroups.Of(session.Pid!.Value).Folder);
        (await daemon.CliAsync("pause", "plain")).Expect(0);
        Assert.All(SessionsLeft.Of(daemon), entry => Assert.True(entry.IsStopped, ProcessTable.CommandLine(entry.Pid)));
        Assert.Empty((await daemon.TerminateAsync("plain")).Left);
        Assert.Empty(SessionsLeft.Of(daemon));
    }
}
