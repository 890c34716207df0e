using System.Globalization;
using System.Net;
using System.Text;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>kill -9 of the daemon: sessions go on, and nothing of their output is lost, doubled or reordered (I9).</summary>
public sealed class CrashTests
{
    private static readonly (string, string) NoPause = ("SESSIOND_HOLDER_PAUSE", "0");

    [Fact]
    public async Task T81_A_session_survives_the_daemon_with_its_screen_modes_title_and_scrollback()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: NoPause);
        const string Program = """printf '\033[?2004h\033[?25l\033]2;kept\007'; seq 1 300; printf '\033[1;31mred\033[m'; exec cat""";
        SessionObject before = await daemon.NewAsync("kept", shell: Program, columns: 60, rows: 10);
        await daemon.UntilScreenAsync("kept", "red");
        string ansi = await daemon.Http.GetStringAsync("v1/sessions/kept/screen?format=ansi");
        before = await daemon.SessionAsync("kept");
        string snapshot = await SnapshotAsync(daemon, "kept");
        await daemon.CrashAsync();
        SessionObject after = await daemon.SessionAsync("kept");
        Assert.Equal((before.Pid, before.Epoch, before.Offset, before.Title, before.Size, before.CreatedAt), (after.Pid, after.Epoch, after.Offset, after.Title, after.Size, after.CreatedAt));
        Assert.Equal(ansi, await daemon.Http.GetStringAsync("v1/sessions/kept/screen?format=ansi"));
        Assert.Contains("\e[?2004h", snapshot, StringComparison.Ordinal);
        Assert.Equal(snapshot, await SnapshotAsync(daemon, "kept"));
        await daemon.TypeAsync("kept", "goes on\r");
        await daemon.UntilScreenAsync("kept", "goes on");
    }

    [Fact]
    public async Task T59_A_program_that_ended_while_no_daemon_lived_has_its_exit_code()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: ("SESSIOND_HOLDER_PAUSE", "3000"));
        await daemon.NewAsync("ends", shell: "read line; echo last words; exit 7");
        await daemon.NewAsync("killed", ["sleep", "1000"]);
        SessionObject killed = await daemon.SessionAsync("killed");
        await daemon.TypeAsync("ends", "x");
        for (int i = 0; i < 2; i++)
        {
            await daemon.CrashAsync();
        }

        // The third within ten seconds: now there is no daemon for three seconds.
        int pid = (await daemon.SessionAsync("ends")).Pid!.Value;
        await daemon.TypeAsync("ends", "\r");
        await daemon.KillDaemonAsync();
        ProcessTable.Signal(ProcessTable.Find(killed.Pid!.Value)!.Value, SignalNames.Kill);
        await Eventually.TrueAsync(() => ProcessTable.Find(pid) is null && ProcessTable.Find(killed.Pid.Value) is null, "both have ended and are reaped");
        await daemon.ServesAsync();
        SessionObject ends = await daemon.UntilStateAsync("ends", "stopped");
        Assert.Equal(7, ends.ExitCode);
        Assert.Equal("SIGKILL", (await daemon.UntilStateAsync("killed", "stopped")).ExitSignal);
        Assert.Contains("last words", await daemon.ScreenAsync("ends"), StringComparison.Ordinal);
    }

    /// <summary>The holder may learn of the end first: of other children at the same time, or on a busy machine.</summary>
    [Fact]
    public async Task What_the_daemon_said_before_it_was_killed_counts()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: NoPause);
        int pid = (await daemon.NewAsync("ends", ["cat"])).Pid!.Value;
        await daemon.NewAsync("before", ["cat"]);
        ProcessEntry leader = ProcessTable.Find(pid)!.Value;
        int killed = daemon.DaemonPid;
        daemon.Process.Signal(SignalNames.Stop);
        // A child that has ended comes before everything that is said from here on.
        ProcessTable.Signal(leader, SignalNames.Kill);
        await Eventually.TrueAsync(() => ProcessTable.Find(pid) is { IsZombie: true }, "a child has ended");
        using HttpResponseMessage renamed = await daemon.Http.PatchAsync("v1/sessions/before", TestDaemon.Json("""{"name":"after"}"""));
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        ProcessTable.Signal(ProcessTable.Find(killed)!.Value, SignalNames.Kill);
        await Eventually.TrueAsync(() => ProcessTable.Find(killed) is { IsZombie: true }, "and so has the daemon");
        daemon.Process.Signal(SignalNames.Continue);
        await daemon.AnotherServesAsync(killed);
        Assert.NotNull(await daemon.FindSessionAsync("after"));
        Assert.Null(await daemon.FindSessionAsync("before"));
    }

    [Fact]
    public async Task Three_crashes_within_ten_seconds_make_the_holder_pause_and_say_why()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject before = await daemon.NewAsync("calm", ["cat"]);
        for (int i = 0; i < 3; i++)
        {
            await daemon.CrashAsync();
        }

        await daemon.Process.Output.UntilAsync("3 times or more within 10 s");
        Assert.Equal(before.Pid, (await daemon.SessionAsync("calm")).Pid);
    }

    [Fact]
    public async Task A_session_that_was_terminated_is_not_back_after_a_crash_and_one_of_the_api_is()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            """
            [[sessions]]
            name = "spec"
            command = "cat"
            [[sessions]]
            name = "gone"
            command = "cat"
            """,
            environment: NoPause);
        await daemon.NewAsync("api", ["cat"]);
        await daemon.UntilStateAsync("spec", "running");
        await daemon.UntilStateAsync("gone", "running");
        await daemon.TerminateAsync("gone");
        IReadOnlyList<SessionObject> before = await daemon.SessionsAsync();
        await daemon.CrashAsync();
        IReadOnlyList<SessionObject> after = await daemon.SessionsAsync();
        Assert.Equal(before.Select(session => (session.Name, session.Pid, session.Source, session.Owner)), after.Select(session => (session.Name, session.Pid, session.Source, session.Owner)));
        Assert.Empty((await daemon.TerminateAsync("api")).Left);
        Assert.Equal([after.Single(session => session.Name == "spec").Pid], SessionsLeft.Of(daemon).Select(entry => (int?)entry.Session).Distinct());
    }

    /// <summary>The long run: SESSIOND_KILLS and SESSIOND_SEED in the environment.</summary>
    [Fact]
    public async Task T81_Kills_at_any_moment_lose_no_line_while_fifty_sessions_print_and_one_client_types()
    {
        Host.Require("python3");
        int kills = int.Parse(Environment.GetEnvironmentVariable("SESSIOND_KILLS") ?? "50", CultureInfo.InvariantCulture);
        int seed = int.Parse(Environment.GetEnvironmentVariable("SESSIOND_SEED") ?? "1", CultureInfo.InvariantCulture);
        var random = new Random(seed);
        var spec = new StringBuilder();
        const string Printer = "import sys,time\\ni=0\\nwhile True:\\n  i+=1\\n  sys.stdout.write(f'line {i}\\\\n'*1); sys.stdout.flush()\\n  time.sleep(0.02)";
        for (int i = 0; i < 50; i++) spec.Append(CultureInfo.InvariantCulture, $"[[sessions]]\nname = \"p{i}\"\ncommand = [\"python3\", \"-c\", \"{Printer}\"]\n");
        spec.Append("[[sessions]]\nname = \"flood\"\ncommand = \"exec seq -f 'number %.0f' 1 10000000000\"\n[[sessions]]\nname = \"typed\"\ncommand = \"stty -echo; printf 'typed -1\\r\\n'; exec cat\"\n");
        await using TestDaemon daemon = await TestDaemon.StartAsync(spec.ToString(), environment: NoPause);
        await Eventually.TrueAsync(async () => (await daemon.SessionsAsync()).Count(session => session.State == "running") == 52, "all run");
        // Before the terminal ceases to echo, each word would be there twice.
        await daemon.UntilScreenAsync("typed", "typed -1");
        Dictionary<string, (int? Pid, string Epoch)> before = (await daemon.SessionsAsync()).ToDictionary(session => session.Name, session => (session.Pid, session.Epoch));
        long offset = 0;
        List<int> accepted = [-1];
        for (int kill = 0; kill < kills; kill++)
        {
            // Half of the daemons serve for a while and are typed to, the others die on the way there.
            if (random.Next(2) == 0)
            {
                await daemon.ServesAsync();
                using HttpResponseMessage typing = await daemon.Http.PostAsync("v1/sessions/typed/input", new StringContent($"typed {kill}\r"));
                if (typing.IsSuccessStatusCode) accepted.Add(kill);
                long now = (await daemon.SessionAsync("p0")).Offset;
                Assert.True(now >= offset, $"seed {seed}: the offset went from {offset} to {now}");
                offset = now;
            }

            await Task.Delay(random.Next(200));
            await daemon.KillDaemonAsync();
        }

        await daemon.ServesAsync();
        foreach (SessionObject session in await daemon.SessionsAsync()) Assert.Equal(before[session.Name], (session.Pid, session.Epoch));
        for (int i = 0; i < 50; i++)
        {
            int lines = Consecutive(await RawAsync(daemon, $"p{i}", 0), "line ", 1, $"seed {seed}, p{i}");
            // It goes on printing meanwhile: the screen is as far as the log, or further.
            string screen = await daemon.ScreenAsync($"p{i}");
            int shown = int.Parse(screen.TrimEnd().Split("line ")[^1], CultureInfo.InvariantCulture);
            Assert.True(shown >= lines, $"seed {seed}, p{i}: line {lines} was logged and the screen ends at {shown}");
        }

        // What it prints while it is asked for would push the rest out of the journal.
        (await daemon.CliAsync("pause", "flood")).Expect(0);
        string flood = await RawAsync(daemon, "flood", (await daemon.SessionAsync("flood")).Offset - 256 * 1024);
        Consecutive(flood[(flood.IndexOf('\n', StringComparison.Ordinal) + 1)..], "number ", null, $"seed {seed}, flood");
        int[] typed = [.. (await RawAsync(daemon, "typed", 0)).Split("\r\n")[..^1].Select(line => int.Parse(line["typed ".Length..], CultureInfo.InvariantCulture))];
        Assert.Equal(accepted, typed);
    }

    private static async Task<string> SnapshotAsync(TestDaemon daemon, string name)
    {
        await using WireClient client = await daemon.AttachAsync(name);
        await client.UntilAsync("red");
        await client.PingAsync(1);
        return client.Output.Text();
    }

    private static Task<string> RawAsync(TestDaemon daemon, string name, long since) =>
        daemon.Http.GetStringAsync($"v1/sessions/{name}/logs?format=raw&since={since.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Checks that whole lines count up by one; returns the last number.</summary>
    private static int Consecutive(string text, string prefix, int? first, string what)
    {
        string[] lines = text.Split("\r\n")[..^1];
        int expected = first ?? Number(lines[0]);
        foreach (string line in lines)
        {
            Assert.True(line == $"{prefix}{expected}", $"{what}: \"{line}\" where {prefix}{expected} should be");
            expected++;
        }

        return expected - 1;

        int Number(string line) => int.Parse(line[prefix.Length..], CultureInfo.InvariantCulture);
    }
}
