using System.Globalization;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The daemon, and then the holder, are replaced while sessions run and clients are attached (I10, T82).</summary>
public sealed class UpgradeTests
{
    [Fact]
    public async Task T82_Three_upgrades_in_a_row_keep_pids_offsets_and_every_line()
    {
        Host.Require("python3");
        const string Printer = "import sys,time\\ni=0\\nwhile True:\\n  i+=1\\n  print(f'line {i}',flush=True)\\n  time.sleep(0.01)";
        await using TestDaemon daemon = await TestDaemon.StartAsync(string.Concat(Enumerable.Range(0, 20).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"[[sessions]]\nname = \"p{i}\"\ncommand = [\"python3\", \"-c\", \"{Printer}\"]\n"))));
        await Eventually.TrueAsync(async () => (await daemon.SessionsAsync()).Count(session => session.State == "running") == 20, "all run");
        Dictionary<string, (int?, string)> before = (await daemon.SessionsAsync()).ToDictionary(session => session.Name, session => (session.Pid, session.Epoch));
        for (int round = 0; round < 3; round++)
        {
            int old = daemon.DaemonPid;
            await using WireClient client = await daemon.AttachAsync("p0");
            await client.UntilAsync("line ");
            string[] arguments = round == 2 ? ["upgrade", "--holder"] : ["upgrade"];
            (await daemon.CliAsync(arguments)).Expect(0);
            Assert.Equal(4010, await client.CloseCodeAsync());
            await daemon.ServesAsync();
            await Eventually.TrueAsync(() => ProcessTable.Find(old) is null, "the old daemon has ended");
            Assert.NotEqual(old, daemon.DaemonPid);
        }

        foreach (SessionObject session in await daemon.SessionsAsync()) Assert.Equal(before[session.Name], (session.Pid, session.Epoch));
        for (int i = 0; i < 20; i++)
        {
            string[] lines = (await daemon.Http.GetStringAsync($"v1/sessions/p{i.ToString(CultureInfo.InvariantCulture)}/logs?format=raw")).Split("\r\n")[..^1];
            Assert.Equal(Enumerable.Range(1, lines.Length).Select(number => $"line {number}"), lines);
        }
    }

    [Fact]
    public async Task T82_Every_line_of_a_hook_that_prints_meanwhile_is_in_its_log_once_and_in_order()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            post_start = "i=0; until [ -e stop ]; do i=$((i+1)); echo line $i; [ $((i % 20)) -ne 0 ] || sleep 0.01; done"
            """);
        await daemon.UntilHookAsync("post_start", "running");
        for (int round = 0; round < 3; round++)
        {
            int old = daemon.DaemonPid;
            (await daemon.CliAsync("upgrade")).Expect(0);
            await Eventually.TrueAsync(() => ProcessTable.Find(old) is null, "the old daemon has ended");
            await daemon.ServesAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "stop"), "");
        await daemon.UntilHookAsync("post_start", "succeeded");
        string[] lines = [.. (await daemon.HookLogAsync("post_start")).Split('\n').Where(line => line.StartsWith("line ", StringComparison.Ordinal))];
        Assert.True(lines.Length > 100, $"{lines.Length} lines");
        Assert.Equal(Enumerable.Range(1, lines.Length).Select(number => $"line {number}"), lines);
    }

    [Fact]
    public async Task T82_Typed_input_is_not_lost()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("typed", shell: "stty -echo; echo ready; exec cat");
        await daemon.UntilScreenAsync("typed", "ready");
        Task<CliResult> upgrade = daemon.CliAsync("upgrade");
        var accepted = new List<string>();
        var unknown = new List<string>();
        for (int i = 1; !upgrade.IsCompleted || accepted.Count < 20; i++)
        {
            string word = $"word {i}";
            try
            {
                using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions/typed/input", new StringContent(word + "\r"));
                bool isWhole = response.IsSuccessStatusCode && (await response.Content.ReadAsStringAsync()).Contains($"\"accepted\":{word.Length + 1}", StringComparison.Ordinal);
                (isWhole ? accepted : unknown).Add(word);
            }
            catch (HttpRequestException)
            {
                unknown.Add(word);
            }
        }

        (await upgrade).Expect(0);
        string[] lines = [];
        await Eventually.TrueAsync(
            async () =>
            {
                lines = (await daemon.Http.GetStringAsync("v1/sessions/typed/logs?format=raw")).Split("\r\n")[1..^1];
                return lines.Contains(accepted[^1]);
            },
            () => $"{accepted[^1]} among {lines.Length} words");
        Assert.Equal(accepted, lines.Except(unknown));
        Assert.Equal(lines.Distinct(), lines);
    }

    /// <summary>What a client was told is taken (a pong follows it) is the program's, also when the program is slow to read it.</summary>
    [Fact]
    public async Task T82_Input_that_was_taken_in_the_middle_of_an_upgrade_reaches_a_slow_program()
    {
        Host.Require("python3");
        const int Piece = 1024;
        const int MostUnderWay = 48;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string count = Path.Combine(daemon.Folder, "count");
        string reader = $"import os,tty,time\ntty.setraw(0)\nos.write(1,b'READY')\nn=0\nwhile True:\n b=os.read(0,4096)\n assert b==bytes([97+(n+i)%26 for i in range(len(b))])\n n+=len(b)\n open('{count}.new','w').write(str(n))\n os.rename('{count}.new','{count}')\n time.sleep(0.02)";
        await daemon.NewAsync("slow", ["python3", "-c", reader]);
        await daemon.UntilScreenAsync("slow", "READY");
        await using WireClient client = await daemon.AttachAsync("slow");
        await client.MessageAsync("hello");
        Task<CliResult> upgrade = daemon.CliAsync("upgrade");
        Task<int> closed = client.CloseCodeAsync();
        for (int sent = 0; !closed.IsCompleted; sent++)
        {
            try
            {
                await client.TypeAsync([.. Enumerable.Range(sent * Piece, Piece).Select(i => (byte)('a' + i % 26))]);
                await client.SendTextAsync($$"""{"type":"ping","id":{{sent + 1}}}""");
            }
            catch (Exception exception) when (exception is System.Net.WebSockets.WebSocketException or IOException or ObjectDisposedException)
            {
                break;
            }

            // A person's pace, which the program follows.
            await Task.Delay(TimeSpan.FromMilliseconds(10));
            await Eventually.TrueAsync(() => closed.IsCompleted || Taken() > sent - MostUnderWay, "pongs, or the end");
        }

        (await upgrade).Expect(0);
        Assert.Equal(4010, await closed);
        await Eventually.TrueAsync(() => Task.FromResult(ReadByProgram() >= Taken() * Piece), () => $"{Taken()} pieces at the program");

        long ReadByProgram() => File.Exists(count) ? long.Parse(File.ReadAllText(count), CultureInfo.InvariantCulture) : 0;
        int Taken() => client.Said.Text().Split("\"type\":\"pong\"").Length - 1;
    }

    /// <summary>4010 of a real daemon and the real command line: who is attached sees nothing of it but what the session prints.</summary>
    [Theory]
    [InlineData("upgrade")]
    [InlineData("upgrade --holder")]
    public async Task T82_The_command_line_comes_back_by_itself(string command)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject before = await daemon.NewAsync("echo", ["cat"]);
        await using PtyProgram terminal = daemon.OnTerminal("attach", "echo");
        await terminal.UntilAsync(PtyProgram.Attached);
        terminal.Type("before\r");
        int shown = await terminal.UntilAsync("before\r\nbefore\r\n");
        int old = daemon.DaemonPid;
        (await daemon.CliAsync(command.Split(' '))).Expect(0);
        await Eventually.TrueAsync(() => ProcessTable.Find(old) is null, "the old daemon has ended");
        await daemon.ServesAsync();
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("echo")) is { Attached: true, Controller: not null }, "it is back");
        // Whoever shows this has come back; the daemon knows it a moment earlier.
        await daemon.TypeAsync("echo", "there\r");
        shown = await terminal.UntilAsync("there\r\nthere\r\n", shown);
        terminal.Type("after\r");
        await terminal.UntilAsync("after\r\nafter\r\n", shown);
        Assert.Equal(before.Pid, (await daemon.SessionAsync("echo")).Pid);
        terminal.Type("\x1c");
        Assert.Equal(0, await terminal.ExitCodeAsync());
    }

    [Theory]
    [InlineData("exec /bin/false", "exited with 1")]
    [InlineData("kill -SEGV $$", "ended by SIGSEGV")]
    [InlineData("exec sleep 1000", "within 10 s")]
    [InlineData("exec python3 -c \"import socket,time; s=socket.socket(fileno=3); s.send(b'\\x01'+bytes(8)+b'\\x63\\0\\0\\0'+bytes(4)); time.sleep(1000)\"", "protocol 99")]
    public async Task T82_A_new_binary_that_crashes_hangs_or_speaks_otherwise_is_rolled_back(string script, string reason)
    {
        Host.Require("python3");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject before = await daemon.NewAsync("calm", ["cat"]);
        int old = daemon.DaemonPid;
        string binary = Path.Combine(daemon.Folder, "broken");
        await File.WriteAllTextAsync(binary, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(binary, (UnixFileMode)0x1ED);
        await using WireClient client = await daemon.AttachAsync("calm");
        await client.MessageAsync("hello");
        CliResult result = (await daemon.CliAsync("upgrade", "--binary", binary)).Expect(1);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Equal(old, daemon.DaemonPid);
        await client.TypeAsync("goes on\r");
        await client.UntilAsync("goes on");
        Assert.Equal(before.Pid, (await daemon.SessionAsync("calm")).Pid);
        await Eventually.TrueAsync(() => ProcessTable.Read().Count(entry => entry.Parent == daemon.Pid) == 2, "the broken one is gone");
    }

    /// <summary>The step from which there is no way back to the old daemon, but to its binary.</summary>
    [Fact]
    public async Task T82_A_new_daemon_that_ends_after_it_was_told_to_go_is_followed_by_the_old_binarys_and_told_as_a_failure()
    {
        Host.Require("python3");
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        SessionObject before = await daemon.NewAsync("calm", ["cat"]);
        int old = daemon.DaemonPid;
        string binary = await FakeDaemon.WriteAsync(daemon.Folder, "pass", "os._exit(3)");
        CliResult result = (await daemon.CliAsync("upgrade", "--binary", binary)).Expect(1);
        Assert.Contains($"the new daemon of {binary} exited with 3 before it served", result.Error, StringComparison.Ordinal);
        await daemon.ServesAsync();
        await Eventually.TrueAsync(() => ProcessTable.Find(old) is null, "the old daemon has ended");
        Assert.Equal(before.Pid, (await daemon.SessionAsync("calm")).Pid);
        Assert.False((await daemon.StatusAsync()).Outdated);
    }

    [Fact]
    public async Task A_stop_ends_an_upgrade_that_is_not_decided_and_everything_in_order()
    {
        Host.Require("python3");
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            pre_stop = "touch hook-ran"
            """);
        await daemon.NewAsync("calm", ["cat"]);
        string Mark(string name) => Path.Combine(daemon.Folder, name);
        string binary = await FakeDaemon.WriteAsync(
            daemon.Folder, $"os.close(os.open('{Mark("given")}', os.O_CREAT))\nwhile not os.path.exists('{Mark("adopt")}'): time.sleep(0.01)", "time.sleep(1000)");
        Task<CliResult> upgrade = daemon.CliAsync("upgrade", "--binary", binary);
        await Eventually.TrueAsync(() => File.Exists(Mark("given")), "the new daemon was given everything");
        daemon.Process.Signal(SignalNames.Terminate);
        await File.WriteAllTextAsync(Mark("adopt"), "");
        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
        Assert.True(File.Exists(Mark("hook-ran")), daemon.Log);
        // The command was told of this daemon as its sessions were.
        await upgrade;
        Assert.Empty(SessionsLeft.Of(daemon));
    }

    /// <summary>What a hook leaves in the background keeps the hook's item with the pid of its leader, which is free for another program by then.</summary>
    [Fact]
    public async Task The_holder_replaces_itself_when_the_pid_of_a_hook_that_ended_is_a_sessions_by_now()
    {
        const string LastPid = "/proc/sys/kernel/ns_last_pid";
        Host.RequireRoot();
        Host.Require("unshare");
        Assert.SkipUnless(File.Exists(LastPid), "this kernel lets nobody choose a pid");
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
            folder,
            $"schema = 1\nworkspace = \"{folder}\"\n[hooks]\non_create = \"echo $$ > pid; setsid env -i sleep 1023 &\"\n",
            wrapper: ["unshare", "-pf", "--mount-proc"]);
        await daemon.NewAsync("chooses", shell: $"stty -echo; while read pid; do echo $((pid - 1)) > {LastPid}; echo chosen $pid; done");
        // The holder lists it before the hook's next run.
        await daemon.NewAsync("takes", ["cat"]);
        await daemon.UntilHookAsync("on_create", "succeeded");
        await daemon.UntilStateAsync("chooses", "running");
        ProcessEntry holder = ProcessTable.Read().First(entry => entry.Parent == daemon.Pid);
        try
        {
            await Eventually.TrueAsync(() => TakesPidOfHookAsync(daemon), "the session has the pid of the hook");
            (await daemon.CliAsync("upgrade", "--holder")).Expect(0);
            await Eventually.TrueAsync(() => File.ReadAllText($"/proc/{holder.Pid}/environ").Contains("SESSIOND_HOLDER_STATE", StringComparison.Ordinal), "the holder has executed itself anew");
            await daemon.ServesAsync();
            await daemon.TypeAsync("takes", "\u0004");
            Assert.Equal(0, (await daemon.UntilStateAsync("takes", "stopped")).ExitCode);
        }
        finally
        {
            ProcessTable.Signal(holder, SignalNames.Terminate);
        }

        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
    }

    [Fact]
    public async Task The_holder_replaces_itself_with_its_sessions_and_still_reaps_restarts_and_stops()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        await daemon.NewAsync("ends", shell: "read line; exit 9");
        SessionObject stays = await daemon.NewAsync("stays", ["cat"]);
        (await daemon.CliAsync("upgrade", "--holder")).Expect(0);
        await Eventually.TrueAsync(() => File.ReadAllText($"/proc/{daemon.Pid}/environ").Contains("SESSIOND_HOLDER_STATE", StringComparison.Ordinal), "the holder has executed itself anew");
        await daemon.ServesAsync();
        await daemon.TypeAsync("ends", "\r");
        Assert.Equal(9, (await daemon.UntilStateAsync("ends", "stopped")).ExitCode);
        await daemon.CrashAsync();
        Assert.Equal(stays.Pid, (await daemon.SessionAsync("stays")).Pid);
        await daemon.NewAsync("new", ["cat"]);
        daemon.Process.Signal(SignalNames.Terminate);
        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
        Assert.Empty(SessionsLeft.Of(daemon));
    }

    /// <summary>Runs the hook, then the session; true when the kernel gave the one the number of the other.</summary>
    private static async Task<bool> TakesPidOfHookAsync(TestDaemon daemon)
    {
        string file = Path.Combine(daemon.Folder, "pid");
        await daemon.PostAsync("v1/sessions/takes/stop");
        File.Delete(file);
        await daemon.RerunAsync("on_create");
        await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the hook has run");
        await daemon.UntilHookAsync("on_create", "succeeded");
        string pid = (await File.ReadAllTextAsync(file)).Trim();
        await daemon.TypeAsync("chooses", $"{pid}\r");
        await daemon.UntilScreenAsync("chooses", $"chosen {pid}");
        await daemon.PostAsync("v1/sessions/takes/start");
        return $"{(await daemon.UntilStateAsync("takes", "running")).Pid}" == pid;
    }
}
