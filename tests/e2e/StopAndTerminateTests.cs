using System.Net;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Stop keeps a session, terminate removes it; what is kept is there after the container was started again; work is not thrown away.</summary>
public sealed class StopAndTerminateTests
{
    [Fact]
    public async Task A_stopped_session_keeps_its_screen_and_log_and_starts_again()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("busy", shell: "echo first life; exec cat");
        await daemon.UntilScreenAsync("busy", "first life");
        (await daemon.CliAsync("stop", "busy")).Expect(0);
        SessionObject stopped = await daemon.SessionAsync("busy");
        Assert.Equal("stopped", stopped.State);
        Assert.Null(stopped.Pid);
        Assert.Contains("first life", await daemon.ScreenAsync("busy"), StringComparison.Ordinal);
        (await daemon.CliAsync("start", "busy")).Expect(0);
        SessionObject again = await daemon.UntilStateAsync("busy", "running");
        Assert.Equal(stopped.Epoch, again.Epoch);
        await Eventually.TrueAsync(async () => (await daemon.Http.GetStringAsync("v1/sessions/busy/logs")).Split("first life").Length - 1 == 2, "both lives are in one log");
        (await daemon.CliAsync("terminate", "busy")).Expect(0);
        using HttpResponseMessage gone = await daemon.Http.GetAsync("v1/sessions/busy");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.False(Directory.Exists(Path.Combine(daemon.StateDir, "logs", "busy")));
        Assert.False(Directory.Exists(Path.Combine(daemon.StateDir, "screens", "busy")));
    }

    [Fact]
    public async Task After_the_container_was_started_again_sessions_show_what_they_showed_and_say_that_it_is_restored()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "named"
            command = "printf 'before \\033[1;31mred\\033[0m %s\\n' $((6 * 7)); printf '\\033[?1000h\\033[?2004h'; exec cat"
            """);
        await daemon.NewAsync("made", ["sh", "-c", "for i in $(seq 100); do echo line $i; done; exec cat"], columns: 70, rows: 10);
        await daemon.UntilScreenAsync("made", "line 100");
        await daemon.UntilScreenAsync("named", "before red 42");
        SessionObject named = await daemon.SessionAsync("named");
        await daemon.StopAsync();
        await daemon.EditSpecAsync("before", "after");
        await daemon.StartAgainAsync();

        string screen = await daemon.UntilScreenAsync("named", "after red 42");
        Assert.Contains("before red 42", screen, StringComparison.Ordinal);
        Assert.Contains("[restored: ", screen, StringComparison.Ordinal);
        SessionObject again = await daemon.UntilStateAsync("named", "running");
        Assert.NotEqual(named.Epoch, again.Epoch);
        Assert.NotNull(again.RestoredAt);

        SessionObject made = await daemon.UntilStateAsync("made", "stopped");
        Assert.Equal(("stopped", "api"), (made.State, made.Source));
        Assert.Contains("restored", made.Reason, StringComparison.Ordinal);
        Assert.Equal((70, 10), (made.Size.Cols, made.Size.Rows));
        Assert.Contains("line 100", await daemon.ScreenAsync("made"), StringComparison.Ordinal);
        await using (WireClient client = await daemon.AttachAsync("made", "mode=observe"))
        {
            // The scrollback came along.
            await client.UntilAsync("line 1\r\n");
        }

        await daemon.PostAsync("v1/sessions/made/start");
        await daemon.UntilStateAsync("made", "running");
        await daemon.TerminateAsync("made");
        await daemon.StopAsync();
        await daemon.StartAgainAsync();
        using HttpResponseMessage gone = await daemon.Http.GetAsync("v1/sessions/made");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_workspace_of_its_own_is_cloned_and_removed_only_when_nothing_would_be_lost()
    {
        Host.Require("git");
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [env]
            GIT_AUTHOR_NAME = "a"
            GIT_AUTHOR_EMAIL = "a@example.com"
            GIT_COMMITTER_NAME = "a"
            GIT_COMMITTER_EMAIL = "a@example.com"
            [hooks]
            on_create = "git init -q --bare remote.git -b main && git init -q seed -b main && cd seed && echo text >file && git add file && git commit -q -m first && git push -q ../remote.git main"
            [[sessions]]
            name = "own"
            command = "cat file; pwd; exec sh"
            workspace = { git = "${workspace}/remote.git", ref = "main" }
            start = "manual"
            """);
        await daemon.UntilHookAsync("on_create", "succeeded");
        await daemon.PostAsync("v1/sessions/own/start");
        SessionObject own = await daemon.UntilStateAsync("own", "running");
        string folder = own.Cwd!;
        Assert.StartsWith(Path.Combine(daemon.StateDir, "workspaces", "own"), folder, StringComparison.Ordinal);
        Assert.Equal("text\n", await File.ReadAllTextAsync(Path.Combine(folder, "file")));

        await File.WriteAllTextAsync(Path.Combine(folder, "new file"), "busy");
        Problem refused = await RefusedAsync(daemon);
        Assert.Contains("new file", Assert.Single(refused.Unsaved!), StringComparison.Ordinal);
        await daemon.TypeAsync("own", "git add -A; git commit -q -m 'the work'; echo committed\r");
        await daemon.UntilScreenAsync("own", "\ncommitted");
        Assert.Contains("the work", Assert.Single((await RefusedAsync(daemon)).Unsaved!), StringComparison.Ordinal);
        CliResult cli = await daemon.CliAsync("terminate", "own");
        Assert.NotEqual(0, cli.ExitCode);
        Assert.Contains("the work", cli.Out + cli.Error, StringComparison.Ordinal);
        Assert.Equal("running", (await daemon.SessionAsync("own")).State);

        await daemon.TypeAsync("own", "git push -q && echo pushed\r");
        await daemon.UntilScreenAsync("own", "\npushed");
        using HttpResponseMessage deleted = await daemon.Http.DeleteAsync("v1/sessions/own");
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Unsaved_work_is_thrown_away_when_that_is_asked_for()
    {
        Host.Require("git");
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            on_create = "git init -q repository"
            [[sessions]]
            name = "own"
            workspace = { git = "${workspace}/repository" }
            """);
        string folder = (await daemon.UntilStateAsync("own", "running")).Cwd!;
        await File.WriteAllTextAsync(Path.Combine(folder, "busy"), "busy");
        using HttpResponseMessage refused = await daemon.Http.DeleteAsync("v1/sessions/own");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        (await daemon.CliAsync("terminate", "own", "--force")).Expect(0);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_session_that_is_renamed_keeps_its_folder_over_a_crash_and_nobody_else_gets_it()
    {
        Host.Require("git");
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            on_create = "git init -q repository"
            """);
        await daemon.UntilHookAsync("on_create", "succeeded");
        string folder = await MakeAsync("one");
        await File.WriteAllTextAsync(Path.Combine(folder, "busy"), "busy");
        using HttpResponseMessage renamed = await daemon.Http.PatchAsync("v1/sessions/one", TestDaemon.Json("""{"name":"other"}"""));
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        using HttpResponseMessage saving = await daemon.Http.GetAsync("v1/auto-commit?session=other");
        Assert.Equal(HttpStatusCode.OK, saving.StatusCode);
        await daemon.CrashAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage goesOn = await daemon.Http.GetAsync("v1/auto-commit?session=other");
                return goesOn.IsSuccessStatusCode;
            },
            "its work is saved on");
        (await daemon.CliAsync("restart", "other")).Expect(0);
        Assert.Equal(folder, (await daemon.UntilStateAsync("other", "running")).Cwd);
        Assert.NotEqual(folder, await MakeAsync("one"));
        using HttpResponseMessage refused = await daemon.Http.DeleteAsync("v1/sessions/other");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        (await daemon.CliAsync("terminate", "other", "--force")).Expect(0);
        Assert.False(Directory.Exists(folder));

        async Task<string> MakeAsync(string name)
        {
            string body = $$"""{"name":"{{name}}","command":["cat"],"workspace":{"git":"{{daemon.Folder}}/repository"},"auto_commit":{"enabled":false} }""";
            using HttpResponseMessage made = await daemon.Http.PostAsync("v1/sessions", TestDaemon.Json(body));
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            return (await daemon.UntilStateAsync(name, "running")).Cwd!;
        }
    }

    [Fact]
    public async Task A_clone_that_fails_fails_the_session_with_gits_words_on_its_screen()
    {
        Host.Require("git");
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "own"
            workspace = { git = "${workspace}/nowhere.git" }
            """);
        SessionObject failed = await daemon.UntilStateAsync("own", "failed");
        Assert.Contains("clone exited with 128", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("nowhere.git", await daemon.ScreenAsync("own"), StringComparison.Ordinal);
    }

    private static async Task<Problem> RefusedAsync(TestDaemon daemon)
    {
        using HttpResponseMessage response = await daemon.Http.DeleteAsync("v1/sessions/own");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        return JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), WireJsonContext.Default.Problem)!;
    }
}
