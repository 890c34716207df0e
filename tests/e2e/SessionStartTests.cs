using System.Net;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>From a session of the spec to a program that is ready: needs, before and init, probes, restarts, and when it starts at all.</summary>
public sealed class SessionStartTests
{
    [Fact]
    public async Task A_session_waits_for_the_hooks_and_sessions_that_it_needs()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            post_start = { migrate = "until [ -e migrated ]; do sleep 0.02; done" }
            [[sessions]]
            name = "db"
            command = "until [ -e up ]; do sleep 0.02; done; echo db is up; exec cat"
            ready = { text = "db is (up|there)" }
            [[sessions]]
            name = "web"
            command = "echo web runs; exec cat"
            needs = ["hook:migrate", "session:db"]
            """);
        Assert.Contains("migrate", (await daemon.UntilStateAsync("web", "initializing")).Reason, StringComparison.Ordinal);
        SessionObject db = await daemon.UntilStateAsync("db", "initializing");
        Assert.NotNull(db.Pid);
        Assert.False(db.Ready);
        Touch(daemon, "migrated");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("web")).Reason?.Contains("session db", StringComparison.Ordinal) == true, "web waits for db");
        Touch(daemon, "up");
        await daemon.UntilReadyAsync("db");
        await daemon.UntilScreenAsync("web", "web runs");
        Assert.Equal("running", (await daemon.UntilReadyAsync("web")).State);
    }

    [Fact]
    public async Task A_session_whose_need_failed_is_failed_and_starts_when_that_is_mended()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "db"
            command = "[ -e fixed ] && exec cat; exit 1"
            restart = { policy = "on-failure", max = 0 }
            ready = { exec = "[ -e fixed ]", interval = "50ms" }
            [[sessions]]
            name = "web"
            command = ["cat"]
            needs = ["session:db"]
            """);
        await daemon.UntilStateAsync("db", "failed");
        Assert.Contains("session db failed", (await daemon.UntilStateAsync("web", "failed")).Reason, StringComparison.Ordinal);
        Touch(daemon, "fixed");
        await daemon.PostAsync("v1/sessions/db/start");
        await daemon.UntilReadyAsync("web");
        Assert.Empty((await daemon.StatusAsync()).Degraded);
    }

    [Fact]
    public async Task Before_runs_at_each_start_and_init_once_on_the_sessions_terminal_and_the_program_gets_their_environment()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [env]
            HOME = "${workspace}"
            [hooks]
            on_create = "mkdir sub; echo 'nvm() { export PICKED=$2; }' >.bashrc"
            [[sessions]]
            name = "app"
            shell = "/bin/bash"
            login = false
            before = "echo before >>ran; nvm use node-22; cd sub"
            init = "echo init in $PWD >>../ran; echo init prints; export MADE='a b'"
            command = "echo $PICKED $MADE in ${PWD##*/}; exec cat"
            """);
        string screen = await daemon.UntilScreenAsync("app", "node-22 a b in sub");
        Assert.Contains("init prints", screen, StringComparison.Ordinal);
        await daemon.PostAsync("v1/sessions/app/restart");
        await Eventually.TrueAsync(() => Ran(daemon).Length == 3, "the second before");
        await daemon.UntilStateAsync("app", "running");
        Assert.Equal(["before", $"init in {daemon.Folder}/sub", "before"], Ran(daemon));
        await daemon.StopAsync();
        await daemon.StartAgainAsync();
        await daemon.UntilStateAsync("app", "running");
        Assert.Equal(["before", $"init in {daemon.Folder}/sub", "before", "before"], Ran(daemon));
    }

    [Fact]
    public async Task Named_commands_of_init_run_side_by_side_and_one_that_fails_fails_the_session_until_it_is_started_again()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "app"
            shell = "/bin/sh"
            init = { a = "touch a; until [ -e b ]; do sleep 0.02; done; [ -e good ]", b = ["sh", "-c", "touch b; until [ -e a ]; do sleep 0.02; done"] }
            command = ["cat"]
            """);
        SessionObject failed = await daemon.UntilStateAsync("app", "failed");
        Assert.Contains("init exited with 1", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(1, failed.ExitCode);
        Touch(daemon, "good");
        await daemon.PostAsync("v1/sessions/app/start");
        await daemon.UntilStateAsync("app", "running");
    }

    [Theory]
    [InlineData("http = \"http://127.0.0.1:${port}/health\"")]
    [InlineData("tcp = \"127.0.0.1:${port}\"")]
    public async Task A_probe_over_the_network_makes_the_session_ready_and_its_url_is_listed(string probe)
    {
        using var server = new HealthServer();
        await using TestDaemon daemon = await TestDaemon.StartAsync($$"""
            [[sessions]]
            name = "web"
            command = "echo PORT is $PORT; exec cat"
            port = {{server.Port}}
            primary = true
            ready = { {{probe}}, interval = "50ms", timeout = "1s" }
            """);
        SessionObject waits = await daemon.UntilStateAsync("web", "initializing");
        Assert.Equal(server.Port, waits.Port);
        Assert.Equal($"http://127.0.0.1:{server.Port}/", waits.Url);
        Assert.Equal("initializing", (await daemon.StatusAsync()).State);
        await daemon.UntilScreenAsync("web", $"PORT is {server.Port}");
        server.Serve(200);
        Assert.Equal("running", (await daemon.UntilReadyAsync("web")).State);
        await daemon.UntilDevboxAsync("running");
    }

    [Fact]
    public async Task A_session_that_is_not_ready_in_time_is_failed_with_the_probes_answer_and_its_terminal_stays_usable()
    {
        using var server = new HealthServer();
        server.Serve(500);
        await using TestDaemon daemon = await TestDaemon.StartAsync($$"""
            [[sessions]]
            name = "web"
            command = ["cat"]
            port = {{server.Port}}
            primary = true
            ready = { http = "http://127.0.0.1:${port}/", interval = "50ms", deadline = "300ms" }
            """);
        SessionObject failed = await daemon.UntilStateAsync("web", "failed");
        Assert.Contains("not ready within 0.3 s", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("status 500", failed.Reason, StringComparison.Ordinal);
        await daemon.UntilDevboxAsync("failed");
        await daemon.TypeAsync("web", "usable\r");
        await daemon.UntilScreenAsync("web", "usable");
        // Mended late is mended.
        server.Serve(204);
        await daemon.UntilReadyAsync("web");
        await daemon.UntilDevboxAsync("running");
    }

    [Fact]
    public async Task A_session_that_is_asked_for_while_the_environment_is_probed_has_that_environment_and_its_secrets()
    {
        using var probe = new SlowProbe();
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            probe.Spec + """
            [secret_provider]
            type = "env"
            [secrets]
            KEY = "PLATFORM_KEY"
            """,
            environment: [("PLATFORM_KEY", "of the platform")]);
        Task<SessionObject> made = daemon.NewAsync("early", shell: "test \"$KEY\" = 'of the platform' && echo \"$FOUND with its secret\"; exec cat");
        await daemon.StatusAsync();
        probe.GoOn();
        await made;
        await daemon.UntilScreenAsync("early", "by the probe with its secret");
    }

    [Fact]
    public async Task A_session_that_ceases_to_answer_is_ended_and_its_restart_policy_applies()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "web"
            command = "touch alive; echo run >>ran; exec cat"
            live = { exec = "[ -e alive ]", interval = "200ms", failures = 3 }
            restart = { policy = "on-failure", delay = "10ms" }
            [[sessions]]
            name = "alone"
            command = ["cat"]
            live = { exec = "[ -e alive ]", interval = "200ms", failures = 3 }
            """);
        int pid = (await daemon.UntilStateAsync("web", "running")).Pid!.Value;
        await Eventually.TrueAsync(() => Ran(daemon).Length == 1, "the first run");
        File.Delete(Path.Combine(daemon.Folder, "alive"));
        await Eventually.TrueAsync(() => Ran(daemon).Length == 2, "the second run");
        SessionObject again = await daemon.UntilStateAsync("web", "running");
        Assert.NotEqual(pid, again.Pid);
        Assert.Equal(1, again.Restarts);
        await daemon.UntilStateAsync("web", "running");
        SessionObject? alone = null;
        await Eventually.TrueAsync(async () => (alone = await daemon.SessionAsync("alone")).State is "failed" or "running", () => $"failed or running; it is {alone?.State}");
        if (alone!.State == "failed") Assert.Contains("failed 3 times", alone.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restarts_are_given_up_after_as_many_as_the_spec_allows()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "crash"
            command = "echo run >>ran; exit 4"
            restart = { policy = "on-failure", delay = "10ms", max = 2, within = "60s" }
            """);
        SessionObject crash = await daemon.UntilStateAsync("crash", "failed");
        Assert.Equal(3, Ran(daemon).Length);
        Assert.Equal((2, 4), (crash.Restarts, crash.ExitCode));
        Assert.Contains("given up", crash.Reason, StringComparison.Ordinal);
        Assert.Equal(["crash"], (await daemon.StatusAsync()).Degraded);
    }

    [Fact]
    public async Task A_session_starts_with_the_first_attach_or_by_hand_where_its_spec_says_so()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "lazy"
            command = "echo lazy runs; exec cat"
            start = "attach"
            [[sessions]]
            name = "manual"
            command = "echo manual runs; exec cat"
            start = "manual"
            """);
        Assert.Null((await daemon.UntilStateAsync("lazy", "stopped")).Pid);
        await using (WireClient client = await daemon.AttachAsync("lazy"))
        {
            await client.UntilAsync("lazy runs");
        }

        await using (WireClient client = await daemon.AttachAsync("manual"))
        {
            await client.MessageAsync("hello");
        }

        Assert.Equal("stopped", (await daemon.SessionAsync("manual")).State);
        (await daemon.CliAsync("start", "manual")).Expect(0);
        await daemon.UntilScreenAsync("manual", "manual runs");
    }

    [Fact]
    public async Task A_session_of_the_api_is_asked_for_as_the_spec_does()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            post_start = "until [ -e go ]; do sleep 0.02; done"
            """);
        using HttpResponseMessage made = await daemon.Http.PostAsync("v1/sessions", TestDaemon.Json("""
            {
              "name": "asked", "command": "echo run >>ran; [ $(wc -l <ran) -ge 2 ] || exit 1; echo up; exec cat", "unknown": 1, "live": null,
              "needs": ["hook:post_start"], "ready": {"text": "^up", "deadline": "1m"}, "restart": {"policy": "on-failure", "delay": "10ms"}
            }
            """));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        await daemon.UntilStateAsync("asked", "initializing");
        Touch(daemon, "go");
        SessionObject asked = await daemon.UntilReadyAsync("asked");
        Assert.Equal(1, asked.Restarts);
        using HttpResponseMessage wrong = await daemon.Http.PostAsync("v1/sessions", TestDaemon.Json("""{"name": "wrong", "ready": {"http": "no url"}}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("ready", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_while_something_is_waited_for_stops_the_waiting()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            on_create = "until [ -e go ]; do sleep 0.02; done"
            [[sessions]]
            name = "waits"
            command = "echo run >>ran; exec cat"
            """);
        await daemon.UntilStateAsync("waits", "initializing");
        await daemon.PostAsync("v1/sessions/waits/stop");
        Assert.Equal("stopped", (await daemon.SessionAsync("waits")).State);
        Touch(daemon, "go");
        await daemon.UntilHookAsync("on_create", "succeeded");
        await daemon.UntilDevboxAsync("running");
        Assert.Equal("stopped", (await daemon.SessionAsync("waits")).State);
        Assert.Empty(Ran(daemon));
        await daemon.PostAsync("v1/sessions/waits/start");
        await daemon.UntilStateAsync("waits", "running");
    }

    [Fact]
    public async Task Idleness_is_measured_and_busy_is_who_says_so()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [activity]
            tasks_dir = "TASKS"
            marker_ttl = "1h"
            [[sessions]]
            name = "quiet"
            command = ["cat"]
            """.Replace("TASKS", Path.Combine(Path.GetTempPath(), $"sessiond-tasks-{Guid.NewGuid():N}"), StringComparison.Ordinal));
        await daemon.UntilStateAsync("quiet", "running");
        ActivityObject idle = (await daemon.StatusAsync()).Activity!;
        Assert.Empty(idle.BusyBy);
        Assert.NotNull(idle.IdleSince);
        await daemon.TypeAsync("quiet", "typed\r");
        await Eventually.TrueAsync(async () => (await daemon.StatusAsync()).Activity!.LastActivityAt > idle.LastActivityAt, "the input counts");
        string tasks = (await File.ReadAllLinesAsync(Path.Combine(daemon.Folder, "spec.toml"))).Single(line => line.StartsWith("tasks_dir", StringComparison.Ordinal)).Split('"')[1];
        await File.WriteAllTextAsync(Path.Combine(tasks, "training"), "");
        ActivityObject busy = (await daemon.StatusAsync()).Activity!;
        Assert.Equal(["task:training"], busy.BusyBy);
        Assert.Null(busy.IdleSince);
        File.SetLastWriteTimeUtc(Path.Combine(tasks, "training"), TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromHours(2));
        Assert.Empty((await daemon.StatusAsync()).Activity!.BusyBy);
        Directory.Delete(tasks, recursive: true);
    }

    private static void Touch(TestDaemon daemon, string file) => File.WriteAllText(Path.Combine(daemon.Folder, file), "");

    private static string[] Ran(TestDaemon daemon)
    {
        string file = Path.Combine(daemon.Folder, "ran");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }
}
