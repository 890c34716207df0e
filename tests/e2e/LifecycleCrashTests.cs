using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The daemon is killed in the middle of hooks and starts (I9): the next one goes on, and nothing runs twice that must not.</summary>
public sealed class LifecycleCrashTests
{
    [Fact]
    public async Task A_hook_that_runs_while_the_daemon_dies_runs_on_and_its_end_and_output_are_known()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            on_create = "echo once >>ran; echo before the crash; until [ -e go ]; do sleep 0.02; done; echo after the crash; exit 0"
            post_create = "echo then >>ran; [ -e never ] || exit 5"
            [[sessions]]
            name = "waits"
            command = ["cat"]
            """);
        HookObject running = await daemon.UntilHookAsync("on_create", "running");
        await daemon.UntilStateAsync("waits", "initializing");
        await Eventually.TrueAsync(async () => (await daemon.HookLogAsync("on_create")).Contains("before the crash", StringComparison.Ordinal), "the first line");
        await daemon.CrashAsync();
        HookObject after = await daemon.UntilHookAsync("on_create", "running");
        Assert.Equal(running.StartedAt, after.StartedAt);
        Assert.Equal("initializing", (await daemon.UntilStateAsync("waits", "initializing")).State);
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        Assert.Equal(0, (await daemon.UntilHookAsync("on_create", "succeeded")).ExitCode);
        string log = await daemon.HookLogAsync("on_create");
        Assert.Contains("before the crash", log, StringComparison.Ordinal);
        Assert.Contains("after the crash", log, StringComparison.Ordinal);
        await daemon.UntilHookAsync("post_create", "failed");
        // update_content is what sessions wait for, and that is done.
        await daemon.UntilStateAsync("waits", "running");

        // What failed is not tried again by a mere crash.
        await daemon.CrashAsync();
        await daemon.UntilDevboxAsync("failed");
        Assert.Equal(5, (await daemon.HookAsync("post_create")).ExitCode);
        Assert.Equal("running", (await daemon.SessionAsync("waits")).State);
        Assert.Equal(["once", "then"], await File.ReadAllLinesAsync(Path.Combine(daemon.Folder, "ran")));
    }

    [Fact]
    public async Task A_hook_that_ended_while_no_daemon_was_there_has_ended_so()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[hook]]
            event = "post_start"
            name = "quick"
            run = "echo run >>ran; until [ -e go ]; do sleep 0.005; done; exit 9"
            """);
        await daemon.UntilHookAsync("quick", "running");
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(daemon.Folder, "ran")), "the hook's first step");
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        await daemon.CrashAsync();
        HookObject failed = await daemon.UntilHookAsync("quick", "failed");
        Assert.Equal(9, failed.ExitCode);
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(daemon.Folder, "ran")));
    }

    [Fact]
    public async Task Init_and_readiness_go_on_where_they_were()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "app"
            shell = "/bin/sh"
            init = "echo init >>ran; until [ -e initialized ]; do sleep 0.02; done"
            command = "echo program >>ran; exec cat"
            ready = { exec = "[ -e up ]", interval = "50ms" }
            [[sessions]]
            name = "needs-it"
            command = ["cat"]
            needs = ["session:app"]
            """);
        await Eventually.TrueAsync(() => Ran(daemon).Length == 1, "init runs");
        await daemon.CrashAsync();
        Assert.Contains("runs init", (await daemon.UntilStateAsync("app", "initializing")).Reason, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "initialized"), "");
        await Eventually.TrueAsync(() => Ran(daemon).Length == 2, "the program runs");
        int pid = 0;
        await Eventually.TrueAsync(async () => (pid = (await daemon.FindSessionAsync("app"))?.Pid ?? 0) != 0, "its pid");
        await daemon.CrashAsync();
        SessionObject waits = await daemon.UntilStateAsync("app", "initializing");
        Assert.Equal((pid, false), (waits.Pid, waits.Ready));
        await daemon.UntilStateAsync("needs-it", "initializing");
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "up"), "");
        await daemon.UntilReadyAsync("app");
        await daemon.UntilReadyAsync("needs-it");
        await daemon.CrashAsync();
        SessionObject again = await daemon.UntilReadyAsync("app");
        Assert.Equal((pid, "running"), (again.Pid, again.State));
        Assert.Equal(["init", "program"], Ran(daemon));
    }

    [Fact]
    public async Task Who_missed_events_over_a_crash_is_told_and_ids_go_on()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("before", ["cat"]);
        string events = await daemon.EventsAsync("session.created", "before");
        await daemon.CrashAsync();
        // More events than the client has seen.
        for (int i = 0; i < 10; i++) await daemon.NewAsync($"after-{i}", ["cat"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/events");
        request.Headers.Add("Last-Event-ID", "1");
        using HttpResponseMessage response = await daemon.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? id = null;
        string? line = "";
        while (line is not null && !line.StartsWith("event: ", StringComparison.Ordinal))
        {
            line = await reader.ReadLineAsync().WaitAsync(Host.Patience);
            if (line?.StartsWith("id: ", StringComparison.Ordinal) == true) id = line[4..];
        }

        Assert.Equal("event: reset", line);
        Assert.True(int.Parse(id!, System.Globalization.CultureInfo.InvariantCulture) > events.Split('\n').Count(text => text.StartsWith("id: ", StringComparison.Ordinal)) + 10, id);
    }

    private static string[] Ran(TestDaemon daemon)
    {
        string file = Path.Combine(daemon.Folder, "ran");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }
}
