using System.Net;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The environment of a session that is changed while it runs: by PATCH, by its spec, by both; the next start has it.</summary>
public sealed class PatchTests : IDisposable
{
    private const string Show = "echo \"have=${MODE-unset}/${DEBUG-unset}/${KEY:+secret}/$WHERE.\"; exec cat";

    private readonly TemporaryFolder _secrets = new();

    [Fact]
    public async Task Variables_and_secrets_by_name_are_the_next_starts_and_until_then_it_is_stale()
    {
        await File.WriteAllTextAsync(Path.Combine(_secrets.Path, "api-key"), "value-of-the-key");
        await using TestDaemon daemon = await TestDaemon.StartAsync($$"""
            [secret_provider]
            dir = "{{_secrets.Path}}"
            [env]
            MODE = "one"
            DEBUG = "1"
            [[sessions]]
            name = "server"
            command = '{{Show}}'
            """);
        await daemon.UntilScreenAsync("server", "have=one/1//.");
        SessionObject patched = await PatchAsync(daemon, "server", """{"env":{"MODE":"two","DEBUG":null,"WHERE":"${workspace}"},"secrets":{"KEY":"api-key"}}""");
        Assert.True(patched.EnvStale);
        await daemon.CrashAsync();
        Assert.True((await daemon.SessionAsync("server")).EnvStale);
        await daemon.PostAsync("v1/sessions/server/restart");
        string screen = await daemon.UntilScreenAsync("server", "have=two/unset/secret/");
        Assert.Contains($"secret/{daemon.Folder}.", screen.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.False((await daemon.SessionAsync("server")).EnvStale);
        Assert.DoesNotContain("value-of-the-key", await daemon.Http.GetStringAsync("v1/sessions/server"), StringComparison.Ordinal);
        // Taken back.
        Assert.True((await PatchAsync(daemon, "server", """{"secrets":{"KEY":null}}""")).EnvStale);
        await daemon.PostAsync("v1/sessions/server/restart");
        await daemon.UntilScreenAsync("server", "have=two/unset//");
        // What does not run is not stale.
        await daemon.PostAsync("v1/sessions/server/stop");
        Assert.False((await PatchAsync(daemon, "server", """{"env":{"MODE":"three"}}""")).EnvStale);
        await daemon.PostAsync("v1/sessions/server/start");
        await daemon.UntilScreenAsync("server", "have=three/");
    }

    [Fact]
    public async Task A_patched_session_of_the_API_keeps_it_over_a_restart_of_the_container()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("mine", shell: Show);
        await PatchAsync(daemon, "mine", """{"env":{"MODE":"patched"}}""");
        daemon.Process.Signal(SignalNames.Terminate);
        await daemon.Process.ExitCodeAsync();
        await daemon.StartAgainAsync();
        await daemon.UntilStateAsync("mine", "stopped");
        await daemon.PostAsync("v1/sessions/mine/start");
        await daemon.UntilScreenAsync("mine", "have=patched/");
    }

    [Theory]
    [InlineData("""{"env":{"A=B":"x"}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"env":{"":"x"}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"env":{"A":"nul\u0000"}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"env":{"A":"${nonsense}"}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"secrets":{"A":"../../etc/shadow"}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"secrets":{"A":""}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"env":["A"]}""", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_is_refused_and_changes_nothing(string body, HttpStatusCode status)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("busy", ["cat"]);
        using HttpResponseMessage response = await daemon.Http.PatchAsync("v1/sessions/busy", TestDaemon.Json(body));
        Assert.Equal(status, response.StatusCode);
        Assert.False((await daemon.SessionAsync("busy")).EnvStale);
    }

    [Fact]
    public async Task I13_Who_is_no_admin_names_only_secrets_that_the_spec_gives_to_sessions()
    {
        await File.WriteAllTextAsync(Path.Combine(_secrets.Path, "for-hooks"), "hooks only");
        await File.WriteAllTextAsync(Path.Combine(_secrets.Path, "for-all"), "everybody");
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            $"[secret_provider]\ndir = \"{_secrets.Path}\"\n[secrets]\nHOOK = {{ name = \"for-hooks\", scope = [\"hooks\"] }}\nALL = \"for-all\"\n", tcp: true);
        await daemon.NewAsync("busy", ["cat"]);
        string token = (await daemon.CliAsync("token", "create", "helper", "--scope", "manage", "--user", "root")).Expect(0).Out.Trim();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        foreach ((string secret, HttpStatusCode status) in ((string, HttpStatusCode)[])[("for-hooks", HttpStatusCode.Forbidden), ("other", HttpStatusCode.Forbidden), ("for-all", HttpStatusCode.OK)])
        {
            using HttpResponseMessage response = await http.PatchAsync("v1/sessions/busy", TestDaemon.Json($"{{\"secrets\":{{\"MINE\":\"{secret}\"}}}}"));
            Assert.Equal((secret, status), (secret, response.StatusCode));
        }
    }

    [Fact]
    public async Task A_reload_with_another_environment_marks_every_session_that_would_get_another_one()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync($$"""
            [env]
            MODE = "one"
            [[sessions]]
            name = "follows"
            command = '{{Show}}'
            [[sessions]]
            name = "own"
            command = '{{Show}}'
            env = { MODE = "own" }
            """);
        await daemon.NewAsync("made", shell: Show);
        await daemon.UntilScreenAsync("follows", "have=one/");
        await daemon.UntilScreenAsync("own", "have=own/");
        await daemon.UntilScreenAsync("made", "have=one/");
        await daemon.EditSpecAsync("MODE = \"one\"", "MODE = \"two\"");
        (await daemon.CliAsync("env", "reload")).Expect(0);
        Assert.Equal(
            ["follows True False", "made True False", "own False False"],
            (await daemon.SessionsAsync()).Select(session => $"{session.Name} {session.EnvStale} {session.Outdated}"));
        await daemon.NewAsync("new", shell: Show);
        await daemon.UntilScreenAsync("new", "have=two/");
        foreach (string name in (string[])["follows", "made"])
        {
            await daemon.PostAsync($"v1/sessions/{name}/restart");
            await daemon.UntilScreenAsync(name, "have=two/");
            Assert.False((await daemon.SessionAsync(name)).EnvStale);
        }
    }

    public void Dispose() => _secrets.Dispose();

    private static async Task<SessionObject> PatchAsync(TestDaemon daemon, string name, string body)
    {
        using HttpResponseMessage response = await daemon.Http.PatchAsync($"v1/sessions/{name}", TestDaemon.Json(body));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return System.Text.Json.JsonSerializer.Deserialize(text, ApiJsonContext.Default.SessionObject)!;
    }
}
