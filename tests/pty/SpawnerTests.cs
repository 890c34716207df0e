namespace Sessiond.Pty.Tests;

public sealed class SpawnerTests
{
    [Fact]
    public void T77_a_child_has_three_descriptors_and_default_signals()
    {
        using ChildRun run = ChildRun.Start("sh", "-c", "ls /proc/self/fd | tr '\\n' ' '; grep -E 'Sig(Ign|Blk)' /proc/self/status");
        run.ReadToEnd();
        // ls itself opens the folder as descriptor 3.
        Assert.StartsWith("0 1 2 3 SigBlk", run.Output);
        Assert.Contains("SigBlk:\t0000000000000000", run.Output);
        // glibc ignores its own signals 32 and 33 in what it spawns (nptl(7)); every other one is at its default.
        Assert.True(System.Text.RegularExpressions.Regex.IsMatch(run.Output, "SigIgn:\t0000000[01][08]0000000"), run.Output);
    }

    [Fact]
    public void T78_the_slave_is_the_controlling_terminal_of_a_session_leader()
    {
        using ChildRun run = ChildRun.Start("sh", "-c", "tty; stty size; ps -o pid=,sid=,tpgid= -p $$");
        run.ReadToEnd();
        Assert.Contains(run.Master.SlavePath, run.Output);
        Assert.Contains("24 80", run.Output);
        string[] ids = run.Output.Trim().Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(ids[0], ids[1]);
    }

    [Theory]
    [InlineData("frobnicate-xyz", "no such file")]
    [InlineData("/nowhere/at/all", "no such file")]
    [InlineData("/etc/passwd", "permission denied")]
    [InlineData("/tmp", "permission denied")]
    public void T75_exec_errors_are_errors_and_not_exits(string program, string expected)
    {
        SpawnException failure = Assert.Throws<SpawnException>(() => ChildRun.Start(program));
        Assert.Contains(expected, failure.Message);
        Assert.Contains(program, failure.Message);
    }

    /// <summary>Whatever keeps the other end of the report, the holder's only thread does not wait for it.</summary>
    [Fact]
    public void Asking_whether_another_users_program_has_executed_never_waits()
    {
        string binary = Path.Combine(Directory.CreateTempSubdirectory("sessiond-test").FullName, "keeps");
        File.WriteAllText(binary, "#!/bin/sh\nexec sleep 1024\n");
        File.SetUnixFileMode(binary, (UnixFileMode)0x1ED);
        using ProgramStart start = ProgramStart.Begin(
            new SpawnRequest { Argv = ["true"], Environment = new Dictionary<string, string>(), WorkingFolder = "/", User = new UserIdentity("", 54321, 54321, [54321], "", "") }, binary);
        Assert.True(start.TryFinish(out _, out _));
        Assert.True(ProcessTable.Signal(ProcessTable.Find(start.Pid)!.Value, SignalNames.Kill));
    }

    [Fact]
    public void A_missing_working_folder_is_named()
    {
        SpawnException failure = Assert.Throws<SpawnException>(() => ChildRun.Spawner.Spawn(new SpawnRequest
        {
            Argv = ["true"],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
            WorkingFolder = "/nowhere/here",
        }));
        Assert.Contains("/nowhere/here", failure.Message);
    }

    [Theory]
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 7", 7, null)]
    [InlineData("kill -9 $$", null, 9)]
    [InlineData("kill -15 $$", null, 15)]
    public void T75_exit_status_and_signal_are_told_apart(string script, int? code, int? signal)
    {
        using ChildRun run = ChildRun.Start("sh", "-c", script);
        Assert.Equal(new ExitStatus(code, signal), run.ReadToEnd());
    }

    [Fact]
    public void T75_the_last_output_before_the_exit_is_read()
    {
        using ChildRun run = ChildRun.Start("sh", "-c", "seq 1 20000; echo the-last-line");
        run.ReadToEnd();
        Assert.EndsWith("20000\r\nthe-last-line\r\n", run.Output);
    }

    [Fact]
    public void T78_job_control_works_in_bash()
    {
        using ChildRun run = ChildRun.Start("bash", "--norc", "--noprofile", "-i");
        // Before it executes, bash's child still ignores ^Z as bash does: it says when it is past that.
        run.Type("sh -c 'echo exec\"ut\"ed; exec sleep 1000'\n");
        run.ReadUntil("executed\r\n");
        run.Type("\u001a");
        run.ReadUntil("Stopped");
        run.WaitForForeground(isLeader: true);
        run.Type("fg\n");
        run.WaitForForeground(isLeader: false);
        run.Type("\u0003");
        run.ReadUntil("^C");
        run.WaitForForeground(isLeader: true);
        run.Type("echo code $?\n");
        run.ReadUntil("code 130");
        run.Type("exit 3\n");
        Assert.Equal(3, run.ReadToEnd().Code);
    }

    [Fact]
    public void T78_sigwinch_reaches_the_foreground_program()
    {
        using ChildRun run = ChildRun.Start("bash", "--norc", "-c", "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done");
        run.ReadUntil("ready");
        run.Master.Resize(132, 43);
        run.ReadUntil("43 132");
    }

    [Fact]
    public void T72_orphans_are_reaped_and_our_own_child_is_left_to_us()
    {
        using ChildRun run = ChildRun.Start("sh", "-c", "for i in $(seq 100); do (setsid sh -c 'exit 0' &) ; done; echo all; exit 5");
        run.ReadUntil("all");
        Assert.Equal(5, run.ReadToEnd().Code);
        Assert.True(SpinWait.SpinUntil(() => ProcessTable.Read().All(entry => entry.Parent != Environment.ProcessId || !entry.IsZombie), 20_000));
    }
}
