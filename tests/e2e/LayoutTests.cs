using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The places in which the holder has to live: PID 1, below another init, a read-only root, no HOME, no privileges.</summary>
public sealed class LayoutTests
{
    /// <summary>T72, T80: PID 1 of a namespace gets no default actions, and every orphan.</summary>
    [Fact]
    public async Task T80_As_PID_1_it_reaps_orphans_keeps_sessions_over_a_crash_and_ends_with_0()
    {
        Host.RequireRoot();
        Host.Require("unshare");
        await using TestDaemon daemon = await StartAsync("unshare", "-pf", "--mount-proc");
        await daemon.NewAsync("orphans", shell: "i=0; while [ $i -lt 20 ]; do (setsid sleep 0.1 &); i=$((i+1)); done; while ps -eo args | grep -q '^sleep'; do sleep 0.2; done; ps -eo pid,stat,args; echo listed; exec cat");
        string screen = await daemon.UntilScreenAsync("orphans", "listed");
        Assert.Contains(" serve ", (await daemon.Http.GetStringAsync("v1/sessions/orphans/logs?format=text")).Split('\n').First(line => line.TrimStart().StartsWith("1 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("defunct", screen, StringComparison.Ordinal);
        SessionObject before = await daemon.SessionAsync("orphans");
        int holder = ProcessTable.Read().First(entry => entry.Parent == daemon.Pid).Pid;
        int child = ProcessTable.Read().First(entry => entry.Parent == holder && ProcessTable.CommandLine(entry.Pid).Contains("daemon --spec", StringComparison.Ordinal)).Pid;
        ProcessTable.Signal(ProcessTable.Find(child)!.Value, SignalNames.Kill);
        await Eventually.TrueAsync(() => ProcessTable.Find(child) is null, "the daemon is gone");
        await daemon.ServesAsync();
        Assert.Equal(before.Pid, (await daemon.SessionAsync("orphans")).Pid);
        ProcessTable.Signal(ProcessTable.Find(holder)!.Value, SignalNames.Terminate);
        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
    }

    [Fact]
    public async Task T80_Below_tini_SIGTERM_stops_everything_and_the_exit_code_is_0()
    {
        Host.Require("tini");
        await using TestDaemon daemon = await StartAsync("tini", "-g", "--");
        await daemon.NewAsync("one", ["cat"]);
        daemon.Process.Signal(SignalNames.Terminate);
        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
        Assert.Empty(SessionsLeft.Of(daemon));
    }

    [Fact]
    public async Task T86_Without_HOME_and_with_a_read_only_root()
    {
        Host.RequireRoot();
        Host.Require("unshare", "mount");
        // Everything but the test's own folder is read-only.
        const string Script = "mount --make-rprivate / && mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro / && unset HOME && exec \"$@\"";
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
            folder, $"schema = 1\nworkspace = \"{folder}\"\n", wrapper: ["unshare", "-m", "sh", "-c", Script, folder]);
        await daemon.NewAsync("works", shell: "touch /root-is-writable; echo tried; exec cat");
        Assert.Contains("Read-only", await daemon.UntilScreenAsync("works", "tried"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unprivileged_user_runs_it_and_its_sessions_survive()
    {
        Host.RequireRoot();
        Host.Require("setpriv");
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1FF);
        UserIdentity nobody = UserDatabase.Find("nobody")!;
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
            folder,
            $"schema = 1\nworkspace = \"{folder}\"\n",
            wrapper: ["setpriv", $"--reuid={nobody.Uid}", $"--regid={nobody.Gid}", "--clear-groups"],
            environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        await daemon.NewAsync("mine", shell: "id -un; exec cat");
        await daemon.UntilScreenAsync("mine", "nobody");
        int? pid = (await daemon.SessionAsync("mine")).Pid;
        await daemon.CrashAsync();
        Assert.Equal(pid, (await daemon.SessionAsync("mine")).Pid);
    }

    /// <summary>A clone that is removed and cloned anew takes the folder away that `serve` was started in.</summary>
    [Fact]
    public async Task Where_the_folder_it_was_started_in_was_removed_it_reloads_and_the_next_daemon_starts_all_the_same()
    {
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        string work = Directory.CreateDirectory(Path.Combine(folder, "work")).FullName;
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
            folder, "schema = 1\n", wrapper: ["sh", "-c", "cd $0 && exec \"$@\"", work], environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        SessionObject stays = await daemon.NewAsync("stays", ["cat"]);
        Directory.Delete(work);
        await daemon.ReloadAsync();
        await daemon.CrashAsync();
        Assert.Equal("/", ProcessTable.WorkingFolder(daemon.DaemonPid));
        int old = daemon.DaemonPid;
        (await daemon.CliAsync("upgrade", "--holder")).Expect(0);
        await Eventually.TrueAsync(() => ProcessTable.Find(old) is null, "the old daemon has ended");
        await daemon.ServesAsync();
        Directory.CreateDirectory(work);
        await daemon.CrashAsync();
        Assert.Equal(work, ProcessTable.WorkingFolder(daemon.DaemonPid));
        Assert.Equal(stays.Pid, (await daemon.SessionAsync("stays")).Pid);
    }

    /// <summary>T87: the kernel takes the workload first.</summary>
    [Fact]
    public async Task T87_A_session_is_likelier_to_be_killed_for_memory_than_the_daemon()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject session = await daemon.NewAsync("eater", ["cat"]);
        int Score(int pid) => int.Parse(File.ReadAllText($"/proc/{pid}/oom_score_adj"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Math.Min(1000, Score(daemon.Pid) + 100), Score(session.Pid!.Value));
        Assert.Equal(Score(daemon.Pid), Score(daemon.DaemonPid));
    }

    private static Task<TestDaemon> StartAsync(params string[] wrapper)
    {
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        return TestDaemon.StartVerbatimAsync(folder, $"schema = 1\nworkspace = \"{folder}\"\n", wrapper: wrapper);
    }
}
