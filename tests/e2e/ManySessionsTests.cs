using System.Globalization;
using System.Text;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Two hundred and a thousand sessions of one spec. Alone on the machine: fifty of them print at once.</summary>
[Collection(nameof(ManySessionsTests))]
[CollectionDefinition(nameof(ManySessionsTests), DisableParallelization = true)]
public sealed class ManySessionsTests
{
    [Fact]
    public async Task Two_hundred_sessions_start_are_listed_and_one_is_typed_in_while_fifty_print()
    {
        var spec = new StringBuilder();
        for (int i = 0; i < 200; i++)
        {
            string command = i < 50 ? "read go; seq 1 300000; exec cat" : "exec cat";
            spec.Append(CultureInfo.InvariantCulture, $"[[sessions]]\nname = \"s{i}\"\ncommand = \"{command}\"\n");
        }

        await using TestDaemon daemon = await TestDaemon.StartAsync(spec.ToString());
        await Eventually.TrueAsync(
            async () => (await daemon.SessionsAsync()).Count(session => session.State == "running") == 200, "200 sessions run");
        CliResult list = (await daemon.CliAsync("list")).Expect(0);
        Assert.Equal(200, list.Out.Split('\n').Count(line => line.Contains("running", StringComparison.Ordinal)));

        await using WireClient typist = await daemon.AttachAsync("s199");
        await typist.MessageAsync("hello");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => daemon.TypeAsync($"s{i}", "\r")));
        for (int word = 0; word < 50; word++)
        {
            long start = TimeProvider.System.GetTimestamp();
            await typist.TypeAsync($"word-{word}\r");
            await typist.UntilAsync($"word-{word}\r\nword-{word}\r\n");
            Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 5);
        }

        for (int i = 0; i < 50; i++) await daemon.UntilScreenAsync($"s{i}", "300000");
        IReadOnlyList<SessionObject> sessions = await daemon.SessionsAsync();
        Assert.Equal(200, sessions.Count(session => session.State == "running"));
        // T56: nobody's output is in another's session.
        Assert.All(sessions.Where(session => int.Parse(session.Name[1..], CultureInfo.InvariantCulture) is >= 50 and < 199), session => Assert.Equal(0, session.Offset));
    }

    /// <summary>As many as <c>max_sessions</c> allows by itself. The bounds are those of a busy machine; <c>make bench</c> measures.</summary>
    [Fact]
    public async Task A_thousand_sessions_of_one_spec_are_checked_started_listed_and_stopped()
    {
        var spec = new StringBuilder();
        for (int i = 0; i < 1000; i++) spec.Append(CultureInfo.InvariantCulture, $"[[sessions]]\nname = \"s{i}\"\ncommand = [\"cat\"]\nlabels = {{ n = \"{i % 10}\" }}\n");
        await using TestDaemon daemon = await TestDaemon.StartAsync(spec.ToString());
        await Eventually.TrueAsync(async () => (await daemon.SessionsAsync()).Count(session => session.State == "running") == 1000, "1,000 sessions run");
        long start = TimeProvider.System.GetTimestamp();
        (await daemon.CliAsync("check", Path.Combine(daemon.Folder, "spec.toml"))).Expect(0);
        Assert.Equal(1001, (await daemon.CliAsync("list")).Expect(0).Out.TrimEnd().Split('\n').Length);
        Assert.Equal(100, JsonSerializer.Deserialize(await daemon.Http.GetStringAsync("v1/sessions?label=n%3D3"), ApiJsonContext.Default.IReadOnlyListSessionObject)!.Count);
        (await daemon.CliAsync("env", "reload")).Expect(0);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 20);
        Assert.InRange(Pss(daemon.Pid) + Pss(daemon.DaemonPid), 1, 300);
        await daemon.TypeAsync("s999", "here\r");
        await daemon.UntilScreenAsync("s999", "here\nhere");
        CliResult refused = await daemon.CliAsync("new", "-d", "more");
        Assert.Contains("1000", refused.Error, StringComparison.Ordinal);
        start = TimeProvider.System.GetTimestamp();
        daemon.Process.Signal(SignalNames.Terminate);
        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 30);
        Assert.Empty(SessionsLeft.Of(daemon));
    }

    /// <summary>Megabytes that are a process's own or its share of what it shares, proc_pid_smaps_rollup.</summary>
    private static long Pss(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal))[4..^2], CultureInfo.InvariantCulture) >> 10;
}
