using System.Net;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Hooks: their order, what they may do to the start, and what is kept of them.</summary>
public sealed class HookTests
{
    private const string Cat = """
        [[sessions]]
        name = "cat"
        command = ["cat"]

        """;

    [Fact]
    public async Task Hooks_run_in_the_order_of_their_events_and_those_of_a_table_side_by_side()
    {
        // x and y each wait for the other to begin: one after the other they would never end.
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            post_start = { x = "touch x; until [ -e y ]; do sleep 0.02; done; echo x >>order", y = "touch y; until [ -e x ]; do sleep 0.02; done; echo y >>order" }
            post_create = "echo post_create >>order"
            update_content = "echo update_content >>order"
            on_create = ["sh", "-c", "echo on_create >>order"]
            [[hook]]
            event = "post_start"
            name = "after"
            run = "echo after >>order"
            needs = ["hook:x"]
            """);
        await daemon.UntilHookAsync("after", "succeeded");
        string[] order = await File.ReadAllLinesAsync(Path.Combine(daemon.Folder, "order"));
        Assert.Equal(["on_create", "update_content", "post_create", "after"], order.Where(line => line.Length > 1));
        Assert.Equal(["x", "y"], order[3..5].Order());
    }

    [Fact]
    public async Task Hooks_run_once_per_storage_but_those_of_each_start_run_again()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            on_create = "echo on_create >>ran"
            update_content = "echo update_content >>ran"
            post_create = "echo post_create >>ran; [ -e works ]"
            post_start = "echo post_start >>ran"
            """);
        await daemon.UntilHookAsync("post_create", "failed");
        Assert.Equal(["on_create", "update_content", "post_create"], Ran(daemon));
        await daemon.StopAsync();
        // What failed has no marker, and is tried again.
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "works"), "");
        await daemon.StartAgainAsync();
        await daemon.UntilHookAsync("post_start", "succeeded");
        Assert.Equal(["on_create", "update_content", "post_create", "post_create", "post_start"], Ran(daemon));
        await daemon.StopAsync();
        await daemon.StartAgainAsync();
        await daemon.UntilHookAsync("post_start", "succeeded");
        Assert.Equal(["on_create", "update_content", "post_create", "post_create", "post_start", "post_start"], Ran(daemon));
    }

    [Fact]
    public async Task A_hook_runs_again_when_its_inputs_changed_or_always_where_the_spec_says_so()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[hook]]
            event = "update_content"
            name = "install"
            run = "echo install >>ran"
            inputs = ["requirements.txt", "deps"]
            [[hook]]
            event = "on_create"
            name = "always"
            run = "echo always >>ran"
            rerun = "always"
            [[hook]]
            event = "post_start"
            name = "last"
            run = "true"
            """);
        await daemon.UntilHookAsync("last", "succeeded");
        Assert.Equal(["always", "install"], Ran(daemon));
        await AgainAsync(daemon, () => { });
        Assert.Equal(["always", "install", "always"], Ran(daemon));
        await AgainAsync(daemon, () => File.WriteAllText(Path.Combine(daemon.Folder, "requirements.txt"), "flask\n"));
        Assert.Equal(["always", "install", "always", "always", "install"], Ran(daemon));
        await AgainAsync(daemon, () => File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(daemon.Folder, "deps")).FullName, "a"), "1"));
        Assert.Equal(2, Ran(daemon)[5..].Length);

        static async Task AgainAsync(TestDaemon daemon, Action change)
        {
            await daemon.StopAsync();
            change();
            await daemon.StartAgainAsync();
            await daemon.UntilHookAsync("last", "succeeded");
        }
    }

    [Fact]
    public async Task A_failed_hook_fails_the_devbox_which_stays_usable_until_a_rerun_brings_it_back()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(Cat + """
            [hooks]
            on_create = "echo looking for works; [ -e works ] || exit 7"
            post_start = "echo later >>ran"
            """);
        HookObject failed = await daemon.UntilHookAsync("on_create", "failed");
        Assert.Equal(7, failed.ExitCode);
        Assert.NotNull(failed.DurationMs);
        StatusObject status = await daemon.UntilDevboxAsync("failed");
        Assert.Contains("on_create", status.Reason, StringComparison.Ordinal);
        Assert.Contains("exited with 7", status.Reason, StringComparison.Ordinal);
        Assert.Equal("skipped", (await daemon.HookAsync("post_start")).State);
        Assert.Contains("on_create", (await daemon.UntilStateAsync("cat", "failed")).Reason, StringComparison.Ordinal);
        Assert.Contains("looking for works", await daemon.HookLogAsync("on_create"), StringComparison.Ordinal);
        using HttpResponseMessage notReady = await daemon.Http.GetAsync("readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);

        // The rescue shell mends what is missing.
        await daemon.NewAsync("rescue", shell: "exec sh");
        await daemon.TypeAsync("rescue", $"touch {daemon.Folder}/works\r");
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(daemon.Folder, "works")), "the rescue shell's file");
        (await daemon.CliAsync("hooks", "rerun", "on_create")).Expect(0);
        await daemon.UntilHookAsync("post_start", "succeeded");
        await daemon.UntilDevboxAsync("running");
        await daemon.UntilStateAsync("cat", "running");
        Assert.Contains("later", Ran(daemon));
    }

    [Theory]
    [InlineData("warn")]
    [InlineData("ignore")]
    public async Task A_failure_that_the_spec_allows_holds_up_nothing(string policy)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync($"""
            [[hook]]
            event = "on_create"
            name = "flaky"
            run = "exit 3"
            on_failure = "{policy}"
            [[hook]]
            event = "post_start"
            name = "later"
            run = "true"
            needs = ["hook:flaky"]
            """);
        await daemon.UntilHookAsync("later", "succeeded");
        HookObject flaky = await daemon.HookAsync("flaky");
        Assert.Equal(("failed", 3), (flaky.State, flaky.ExitCode));
        await daemon.UntilDevboxAsync("running");
    }

    [Fact]
    public async Task A_hook_is_tried_again_as_often_as_the_spec_says()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[hook]]
            event = "post_start"
            name = "third"
            run = "echo try >>ran; [ $(wc -l <ran) -ge 3 ]"
            retries = 3
            """);
        HookObject hook = await daemon.UntilHookAsync("third", "succeeded");
        Assert.Equal(3, hook.Tries);
        Assert.Equal(3, Ran(daemon).Length);
    }

    [Fact]
    public async Task A_hook_over_its_time_is_ended_with_everything_it_started()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[hook]]
            event = "post_start"
            name = "slow"
            run = "setsid sleep 4711 & echo $! >pid; trap '' TERM; sleep 4711"
            timeout = "3s"
            """);
        HookObject hook = await daemon.UntilHookAsync("slow", "failed");
        Assert.Contains("longer than 3 s", hook.Reason, StringComparison.Ordinal);
        int pid = int.Parse(await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "pid")), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Null(ProcessTable.Find(pid) is { IsZombie: false } alive ? alive : null);
    }

    [Fact]
    public async Task A_background_process_that_holds_the_output_does_not_hold_the_hook_and_its_output_is_kept()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            post_start = "(until [ -e go ]; do sleep 0.02; done; echo from the background; exec sleep 4711) & echo begun"
            """);
        await daemon.UntilHookAsync("post_start", "succeeded");
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        await Eventually.TrueAsync(async () => (await daemon.HookLogAsync("post_start")).Contains("from the background", StringComparison.Ordinal), "the late line");
        await daemon.StopAsync();
        Assert.DoesNotContain(SessionsLeft.Of(daemon), entry => ProcessTable.CommandLine(entry.Pid).Contains("4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task T84_a_hook_that_never_ends_blocks_neither_list_nor_attach()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            on_create = "exec sleep 4711"
            timeout = "0s"
            [[sessions]]
            name = "waits"
            """);
        await daemon.UntilHookAsync("on_create", "running");
        SessionObject waits = await daemon.UntilStateAsync("waits", "initializing");
        Assert.Contains("on_create", waits.Reason, StringComparison.Ordinal);
        Assert.Equal("initializing", (await daemon.UntilDevboxAsync("initializing")).State);
        (await daemon.CliAsync("list")).Expect(0);
        await using (WireClient onWaiting = await daemon.AttachAsync("waits"))
        {
            Assert.Equal("initializing", (await onWaiting.MessageAsync("hello")).State);
        }

        await daemon.NewAsync("mine", ["cat"]);
        await daemon.TypeAsync("mine", "still quick\r");
        await daemon.UntilScreenAsync("mine", "still quick");
    }

    [Fact]
    public async Task The_devbox_waits_for_the_event_of_wait_for_and_no_longer()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(Cat + """
            [hooks]
            wait_for = "on_create"
            on_create = "until [ -e go ]; do sleep 0.02; done"
            post_start = "exec sleep 4711"
            """);
        await daemon.UntilHookAsync("on_create", "running");
        Assert.Equal("initializing", (await daemon.StatusAsync()).State);
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        await daemon.UntilDevboxAsync("running");
        await daemon.UntilStateAsync("cat", "running");
        await daemon.UntilHookAsync("post_start", "running");
    }

    [Fact]
    public async Task Output_streams_live_each_line_with_its_hook_to_the_log_the_events_and_the_daemons_own_log()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            post_start = { one = "echo from one; until [ -e go ]; do sleep 0.02; done; printf 'no end'", two = "printf '\\033[31mred\\033[0m\\n'; exit 0" }
            """);
        using HttpResponseMessage follow = await daemon.Http.GetAsync("v1/hooks/one/log?follow=1", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await follow.Content.ReadAsStreamAsync());
        string? line;
        while ((line = await lines.ReadLineAsync()) is not null && line != "from one")
        {
            // Lines of ours come before it.
        }

        Assert.Equal("from one", line);
        Assert.Equal("running", (await daemon.HookAsync("one")).State);
        await daemon.Process.Output.UntilAsync("[one] from one");
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        await daemon.UntilHookAsync("one", "succeeded");
        await daemon.Process.Output.UntilAsync("[one] no end");
        await daemon.Process.Output.UntilAsync("[two] red\n");
        string events = await daemon.EventsAsync("hook.log", "no end");
        Assert.Contains("\"name\":\"one\"", events, StringComparison.Ordinal);
        Assert.Contains("event: hook.changed", events, StringComparison.Ordinal);
        Assert.Contains("event: devbox.changed", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_hooks_run_for_each_controller_and_stop_hooks_before_the_stop_while_sessions_live()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(Cat + $"""
            [hooks]
            post_attach = "echo attach >>ran"
            pre_stop = "echo stop >>ran; {Host.Binary} list >>listed"
            """);
        for (int i = 1; i <= 2; i++)
        {
            await using WireClient client = await daemon.AttachAsync("cat");
            await client.MessageAsync("hello");
            await Eventually.TrueAsync(() => Ran(daemon).Length == i, $"{i} runs of post_attach");
        }

        await using (WireClient observer = await daemon.AttachAsync("cat", "mode=observe"))
        {
            await observer.MessageAsync("hello");
        }

        await daemon.StopAsync(hurry: false);
        Assert.Equal(["attach", "attach", "stop"], Ran(daemon));
        Assert.Contains("cat", await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "listed")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_waits_for_a_stop_hook_only_inside_its_grace()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            pre_stop = "echo begun >>ran; exec sleep 4711"
            """, daemonKeys: "stop_grace = \"2s\"");
        long start = TimeProvider.System.GetTimestamp();
        Assert.True(await daemon.StopAsync(hurry: false));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));
        Assert.Equal(["begun"], Ran(daemon));
        await daemon.Process.Output.UntilAsync("cancelled");
    }

    [Fact]
    public async Task Hooks_of_another_user_run_as_that_user()
    {
        Host.RequireRoot();
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[hook]]
            event = "post_start"
            name = "nobody"
            run = "id -un; echo $HOME"
            user = "nobody"
            """);
        File.SetUnixFileMode(daemon.Folder, (UnixFileMode)0b111_101_101);
        await daemon.UntilHookAsync("nobody", "failed", "succeeded");
        await daemon.RerunAsync("nobody");
        await daemon.UntilHookAsync("nobody", "succeeded");
        Assert.Contains("nobody\n", await daemon.HookLogAsync("nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_of_a_hook_is_refused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("[hooks]\npost_start = \"exec sleep 4711\"\n");
        await daemon.UntilHookAsync("post_start", "running");
        using HttpResponseMessage runs = await daemon.Http.PostAsync("v1/hooks/post_start/rerun", null);
        Assert.Equal(HttpStatusCode.Conflict, runs.StatusCode);
        using HttpResponseMessage none = await daemon.Http.PostAsync("v1/hooks/absent/rerun", null);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        CliResult list = (await daemon.CliAsync("hooks")).Expect(0);
        Assert.Contains("post_start", list.Out, StringComparison.Ordinal);
        Assert.Contains("running", list.Out, StringComparison.Ordinal);
        IReadOnlyList<HookObject> hooks = JsonSerializer.Deserialize(
            (await daemon.CliAsync("hooks", "--json")).Expect(0).Out, ApiJsonContext.Default.IReadOnlyListHookObject)!;
        Assert.Equal("post_start", Assert.Single(hooks).Event);
    }

    private static string[] Ran(TestDaemon daemon)
    {
        string file = Path.Combine(daemon.Folder, "ran");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }
}
