using System.Net;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Auto-commit on the branch that is checked out: what is saved, how, and what of the user's stays as it is.</summary>
public sealed class AutoCommitSaveTests
{
    [Fact]
    public async Task A_reload_with_another_folder_saves_that_one()
    {
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        GitFolder[] folders = [new(Path.Combine(folder, "one")), new(Path.Combine(folder, "two"))];
        foreach (GitFolder repository in folders)
        {
            Directory.CreateDirectory(repository.Path);
            await repository.GitAsync("init", "-q", "-b", "main");
            await repository.GitAsync("config", "user.name", "Worker");
            await repository.GitAsync("config", "user.email", "worker@example.com");
            await repository.GitAsync("config", "commit.gpgsign", "false");
        }

        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
            folder, $"schema = 1\nworkspace = \"{folder}\"\napp_dir = \"one\"\n[auto_commit]\ninterval = \"1s\"\npush = false\n");
        folders[0].Write("a.txt", "a");
        await UntilSavedAsync(folders[0], "a.txt");
        await daemon.EditSpecAsync("app_dir = \"one\"", "app_dir = \"two\"");
        await daemon.ReloadAsync();
        folders[1].Write("b.txt", "b");
        await UntilSavedAsync(folders[1], "b.txt");

        static Task UntilSavedAsync(GitFolder repository, string file) => Eventually.TrueAsync(
            async () => (await repository.TryGitAsync("show", $"HEAD:{file}")).Code == 0, () => $"{file} is saved in {repository.Path}");
    }

    [Fact]
    public async Task An_edit_is_committed_and_pushed_and_git_status_is_clean_after_it()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        devbox.Work.Write("a.txt", "changed\n");
        await devbox.UntilRemoteAsync("a.txt", "changed\n");
        AutoCommitObject saved = await devbox.UntilSavedAsync();
        Assert.Equal("", await devbox.Work.GitAsync("status", "--porcelain"));
        Assert.Equal("[AutoCommit] Updated a.txt", await devbox.Work.GitAsync("log", "-1", "--format=%s"));
        Assert.Equal("Worker <Worker@example.com>", await devbox.Work.GitAsync("log", "-1", "--format=%an <%ae>"));
        Assert.Equal(await devbox.Work.GitAsync("rev-parse", "HEAD"), saved.LastCommit!.Id);
        Assert.Equal("[AutoCommit] Updated a.txt", saved.LastCommit.Message);
        Assert.NotNull(saved.LastPushAt);
        Assert.Equal((0, 0), (saved.Ahead, saved.Behind));
        Assert.Null(saved.Error);
    }

    [Fact]
    public async Task All_pending_changes_are_one_commit_with_deletions_and_renames_and_without_what_is_ignored_or_excluded()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(
            "exclude = [\"*.tmp\", \"build/\", \"docs/*.html\"]\nmax_file = \"64KiB\"\nmessage = \"[Saved] {files}\"\nauthor = { name = \"Robot\", email = \"robot@example.com\" }\n",
            async devbox =>
            {
                devbox.Work.Write(".gitignore", "*.log\nnode_modules/\n");
                devbox.Work.Write("gone.txt", "gone\n");
                devbox.Work.Write("old name.txt", "a name\nwith several\nlines\n");
                for (int i = 0; i < 10; i++) devbox.Work.Write($"stays/{i}", $"{i}\n");
                await devbox.Work.CommitAsync("second");
            });
        await devbox.UntilSavedAsync();
        int before = await devbox.Work.CommitCountAsync();
        await devbox.PatchAsync("""{"enabled":false}""");
        devbox.Work.Delete("gone.txt");
        File.Move(devbox.Work.FileOf("old name.txt"), devbox.Work.FileOf("new \"name\".txt"));
        devbox.Work.Write("x.log", "ignored");
        devbox.Work.Write("node_modules/p/index.js", "ignored");
        devbox.Work.Write("deep/er/y.tmp", "excluded");
        devbox.Work.Write("build/out", "excluded");
        devbox.Work.Write("docs/page.html", "excluded");
        devbox.Work.Write("docs/sub/page.html", "not excluded");
        devbox.Work.Write("large.bin", new string('x', 100_000));
        devbox.Work.Write(".env", "TOKEN=secret");
        devbox.Work.Write(".env.example", "TOKEN=");
        devbox.Work.Write("grüße/ünï.txt", "names are bytes");
        File.WriteAllText(devbox.Work.FileOf("tool.sh"), "#!/bin/sh\n");
        File.SetUnixFileMode(devbox.Work.FileOf("tool.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(devbox.Work.FileOf("link"), "a.txt");
        await devbox.PatchAsync("""{"enabled":true}""");
        await devbox.UntilRemoteAsync("docs/sub/page.html", "not excluded");
        Assert.Equal(before + 1, await devbox.Work.CommitCountAsync());
        string[] changes = (await devbox.Work.GitAsync("-c", "core.quotePath=false", "show", "--format=", "--name-status", "-M", "-z", "HEAD")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["A", ".env.example", "A", "docs/sub/page.html", "D", "gone.txt", "A", "grüße/ünï.txt", "A", "link", "R100", "old name.txt", "new \"name\".txt", "A", "tool.sh"], changes);
        Assert.Contains("100755", await devbox.Work.GitAsync("ls-tree", "HEAD", "tool.sh"), StringComparison.Ordinal);
        Assert.Contains("120000", await devbox.Work.GitAsync("ls-tree", "HEAD", "link"), StringComparison.Ordinal);
        Assert.Equal("Robot <robot@example.com>", await devbox.Work.GitAsync("log", "-1", "--format=%an <%ae>"));
        string subject = await devbox.Work.GitAsync("log", "-1", "--format=%s");
        Assert.StartsWith("[Saved] ", subject, StringComparison.Ordinal);
        Assert.EndsWith(" more", subject, StringComparison.Ordinal);
        Assert.InRange(subject.Length, 20, 72);
        Assert.Contains("D gone.txt", await devbox.Work.GitAsync("log", "-1", "--format=%b"), StringComparison.Ordinal);
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "watching", "watching");
        Assert.Contains("large.bin", status.Reason, StringComparison.Ordinal);
        Assert.Contains("over max_file", status.Reason, StringComparison.Ordinal);
        Assert.Contains(".env (it looks like a secret", status.Reason, StringComparison.Ordinal);
        Assert.Equal(2, status.Uncommitted);
    }

    [Fact]
    public async Task T92_A_dirty_index_outside_of_what_is_saved_stays_as_it_is()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("paths = [\"src\"]\n", async devbox =>
        {
            devbox.Work.Write("src/code", "one\n");
            devbox.Work.Write("other", "one\n");
            await devbox.Work.CommitAsync("second");
        });
        await devbox.UntilSavedAsync();
        devbox.Work.Write("other", "staged\n");
        devbox.Work.Write("staged-new", "new\n");
        await devbox.Work.GitAsync("add", "other", "staged-new");
        devbox.Work.Write("other", "staged, then edited\n");
        devbox.Work.Write("src/code", "two\n");
        devbox.Work.Write("src/more/code", "new\n");
        await devbox.UntilRemoteAsync("src/more/code", "new\n");
        Assert.Equal(["MM other", "A  staged-new"], (await devbox.Work.GitAsync("status", "--porcelain")).Split('\n'));
        Assert.Equal("staged", await devbox.Work.GitAsync("show", ":other"));
        Assert.Equal("one", await devbox.Work.GitAsync("show", "HEAD:other"));
        Assert.Equal("src/code\nsrc/more/code", await devbox.Work.GitAsync("show", "--format=", "--name-only", "HEAD"));
    }

    [Fact]
    public async Task T92_What_add_p_staged_and_later_edits_replaced_is_kept_beside_the_branch()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("interval = \"3600s\"\n");
        devbox.Work.Write("a.txt", "staged with care\n");
        await devbox.Work.GitAsync("add", "a.txt");
        devbox.Work.Write("a.txt", "edited since\n");
        await devbox.FlushAsync();
        Assert.Equal("edited since", await devbox.Work.GitAsync("show", "HEAD:a.txt"));
        Assert.Equal("staged with care", await devbox.Work.GitAsync("show", "refs/sessiond/staged:a.txt"));
        Assert.Equal("", await devbox.Work.GitAsync("status", "--porcelain"));
    }

    [Fact]
    public async Task T92_A_submodule_and_a_repository_inside_stay_as_they_are()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: async devbox =>
        {
            GitFolder library = await devbox.CloneAsync("library");
            await devbox.Work.GitAsync("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.Path, "lib");
            await devbox.Work.GitAsync("commit", "-q", "-m", "a submodule");
            await devbox.Work.GitAsync("-C", "lib", "config", "user.name", "x");
            await devbox.Work.GitAsync("-C", "lib", "config", "user.email", "x@example.com");
            Directory.CreateDirectory(devbox.Work.FileOf("nested"));
            await devbox.Work.GitAsync("init", "-q", "nested");
        });
        await devbox.UntilAsync(status => status.State == "watching" && status.Unpushed == 0, "pushed");
        string before = await devbox.Work.GitAsync("ls-tree", "HEAD", "lib");
        devbox.Work.Write("lib/file", "new");
        await devbox.Work.GitAsync("-C", "lib", "add", "file");
        await devbox.Work.GitAsync("-C", "lib", "commit", "-q", "-m", "moved");
        devbox.Work.Write("nested/file", "inside");
        devbox.Work.Write("b.txt", "saved\n");
        await devbox.UntilRemoteAsync("b.txt", "saved\n");
        Assert.Equal(before, await devbox.Work.GitAsync("ls-tree", "HEAD", "lib"));
        Assert.Equal("b.txt", await devbox.Work.GitAsync("show", "--format=", "--name-only", "HEAD"));
        AutoCommitObject status = await devbox.StatusAsync();
        Assert.Contains("lib (a submodule", status.Reason, StringComparison.Ordinal);
        Assert.Contains("nested/ (a repository of its own)", status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T92_An_LFS_file_is_left_out_where_LFS_is_not_set_up_and_its_pointer_is_saved_where_it_is()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: async devbox =>
        {
            devbox.Work.Write(".gitattributes", "*.big filter=lfs diff=lfs merge=lfs -text\n");
            await devbox.Work.CommitAsync("attributes");
        });
        devbox.Work.Write("x.big", "the content itself\n");
        devbox.Work.Write("b.txt", "saved\n");
        await devbox.UntilRemoteAsync("b.txt", "saved\n");
        Assert.DoesNotContain("x.big", await devbox.Work.GitAsync("ls-tree", "--name-only", "HEAD"), StringComparison.Ordinal);
        Assert.Contains("x.big (its filter lfs is not set up here)", (await devbox.StatusAsync()).Reason, StringComparison.Ordinal);
        await devbox.Work.GitAsync("config", "filter.lfs.clean", "sed 's/.*/pointer/'");
        await devbox.Work.GitAsync("config", "filter.lfs.smudge", "cat");
        await devbox.FlushAsync();
        Assert.Equal("pointer", await devbox.Work.GitAsync("show", "HEAD:x.big"));
        Assert.Equal("the content itself\n", devbox.Work.Read("x.big"));
    }

    [Fact]
    public async Task T92_A_pre_commit_hook_that_fails_leaves_everything_as_it_was_and_is_told_in_its_own_words()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: devbox =>
        {
            devbox.Work.WriteHook("pre-commit", "if grep -q bad a.txt; then echo 'lint: bad word in a.txt' >&2; exit 1; fi; echo formatted > made.txt; git add made.txt");
            devbox.Work.WriteHook("commit-msg", "echo 'Reviewed-by: hook' >> \"$1\"");
            return Task.CompletedTask;
        });
        await devbox.UntilSavedAsync();
        string head = await devbox.Work.GitAsync("rev-parse", "HEAD");
        string index = await devbox.Work.GitAsync("ls-files", "-s");
        devbox.Work.Write("a.txt", "bad\n");
        AutoCommitObject blocked = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("lint: bad word in a.txt", blocked.Error, StringComparison.Ordinal);
        Assert.Equal(1, blocked.Uncommitted);
        Assert.Equal(head, await devbox.Work.GitAsync("rev-parse", "HEAD"));
        Assert.Equal(index, await devbox.Work.GitAsync("ls-files", "-s"));
        Assert.Equal("bad\n", devbox.Work.Read("a.txt"));
        devbox.Work.Write("a.txt", "good\n");
        await devbox.UntilRemoteAsync("a.txt", "good\n");
        Assert.Null((await devbox.UntilSavedAsync()).Error);
        Assert.Equal("formatted", await devbox.Work.GitAsync("show", "HEAD:made.txt"));
        Assert.Contains("Reviewed-by: hook", await devbox.Work.GitAsync("log", "-1", "--format=%B"), StringComparison.Ordinal);
        Assert.Equal("", await devbox.Work.GitAsync("status", "--porcelain"));
    }

    [Fact]
    public async Task T92_Hooks_and_signing_are_skipped_by_their_keys()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("hooks = false\nsign = false\n", async devbox =>
        {
            devbox.Work.WriteHook("pre-commit", "exit 1");
            devbox.Work.WriteHook("pre-push", "exit 1");
            await devbox.Work.GitAsync("config", "commit.gpgsign", "true");
            await devbox.Work.GitAsync("config", "gpg.program", "/bin/false");
        });
        devbox.Work.Write("a.txt", "saved\n");
        await devbox.UntilRemoteAsync("a.txt", "saved\n");
    }

    [Fact]
    public async Task T92_A_signature_that_cannot_be_made_is_told_and_nothing_is_changed()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("interval = \"3600s\"\n", async devbox =>
        {
            await devbox.Work.GitAsync("config", "commit.gpgsign", "true");
            await devbox.Work.GitAsync("config", "gpg.program", "/bin/false");
        });
        string head = await devbox.Work.GitAsync("rev-parse", "HEAD");
        devbox.Work.Write("a.txt", "unsigned\n");
        AutoCommitObject status = await devbox.FlushAsync();
        Assert.Equal("blocked", status.State);
        Assert.Contains("gpg failed to sign", status.Error, StringComparison.Ordinal);
        Assert.Equal(head, await devbox.Work.GitAsync("rev-parse", "HEAD"));
        Assert.Equal(" M a.txt", await devbox.Work.GitAsync("status", "--porcelain"));
    }

    [Fact]
    public async Task A_thousand_rapid_edits_are_few_commits()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("interval = \"2s\"\nmax_wait = \"5s\"\n");
        await devbox.UntilSavedAsync();
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 1000; i++)
        {
            devbox.Work.Write("a.txt", $"edit {i}\n");
            await Task.Delay(5);
        }

        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        await devbox.UntilRemoteAsync("a.txt", "edit 999\n");
        int commits = await devbox.Work.CommitCountAsync() - 1;
        // Edits that never pause are committed every max_wait, and once after the last one.
        Assert.InRange(commits, 1, (int)(seconds / 5) + 2);
        if (seconds > 12) Assert.True(commits >= 2, $"{commits} commits in {seconds} s: max_wait did not count");
    }

    [Fact]
    public async Task Switched_off_before_the_spec_was_looked_at_it_stays_off()
    {
        using var probe = new SlowProbe();
        await using TestDaemon daemon = await TestDaemon.StartAsync(probe.Spec + "[auto_commit]\ninterval = \"7s\"\n");
        (await daemon.CliAsync("commit", "off")).Expect(0);
        probe.GoOn();
        string table = "";
        await Eventually.TrueAsync(
            async () => (table = (await daemon.CliAsync("commit", "status")).Expect(0).Out).Contains("interval\t7s", StringComparison.Ordinal), () => $"it follows the spec\n{table}");
        Assert.Contains("state\toff\n", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_switched_and_timed_at_run_time_and_tells_its_state_by_events()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("interval = \"3600s\"\n", devbox =>
        {
            // Each state lasts long enough to be told of.
            devbox.Work.WriteHook("pre-commit", "sleep 0.5");
            devbox.Work.WriteHook("pre-push", "sleep 0.5");
            return Task.CompletedTask;
        });
        Assert.Equal("1h", (await devbox.StatusAsync()).Interval);
        (await devbox.Daemon.CliAsync("commit", "off")).Expect(0);
        Assert.False((await devbox.StatusAsync()).Enabled);
        // A push that is under way comes to its end.
        await devbox.UntilAsync(status => status.State == "off", "it is off");
        devbox.Work.Write("a.txt", "not saved while off\n");
        (await devbox.Daemon.CliAsync("commit", "on")).Expect(0);
        await devbox.UntilRemoteAsync("a.txt", "not saved while off\n");
        using HttpResponseMessage events = await devbox.Daemon.Http.GetAsync("v1/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        Assert.Equal("1s", (await devbox.PatchAsync("""{"interval":1}""")).Interval);
        devbox.Work.Write("a.txt", "saved a second later\n");
        string seen = "";
        while (!seen.Contains("saved a second", StringComparison.Ordinal) && await reader.ReadLineAsync().WaitAsync(Host.Patience) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal) || !line.Contains("\"last_commit\"", StringComparison.Ordinal)) continue;
            seen += line[6..];
            if (seen.Contains("\"waiting\"", StringComparison.Ordinal) && seen.Contains("\"committing\"", StringComparison.Ordinal) && seen.Contains("\"pushing\"", StringComparison.Ordinal)) break;
        }

        Assert.Contains("\"interval\":\"1s\"", seen, StringComparison.Ordinal);
        await devbox.UntilRemoteAsync("a.txt", "saved a second later\n");
        string table = "";
        await Eventually.TrueAsync(
            async () => (table = (await devbox.Daemon.CliAsync("commit", "status")).Expect(0).Out).Contains("state\twatching", StringComparison.Ordinal), () => $"watching again\n{table}");
        Assert.Contains("last_commit.message\t[AutoCommit] Updated a.txt", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"interval":"0.5s"}""")]
    [InlineData("""{"interval":3601}""")]
    [InlineData("""{"interval":"soon"}""")]
    public async Task An_interval_that_is_none_answers_422_and_changes_nothing(string json)
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("interval = \"7s\"\n");
        using HttpResponseMessage response = await devbox.Daemon.Http.PatchAsync("v1/auto-commit", TestDaemon.Json(json));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("7s", (await devbox.StatusAsync()).Interval);
    }

    [Fact]
    public async Task Without_a_table_nothing_is_saved_until_somebody_asks_for_it()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string status = await daemon.Http.GetStringAsync("v1/auto-commit");
        Assert.Contains("\"enabled\":false", status, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"off\"", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stop_of_the_daemon_commits_and_pushes_what_a_session_wrote_last()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("interval = \"3600s\"\n", top: """
            [[sessions]]
            name = "writer"
            command = "trap 'echo last words > words.txt; exit' HUP TERM; echo ready; while :; do sleep 0.1; done"
            """);
        await devbox.Daemon.UntilScreenAsync("writer", "ready");
        devbox.Work.Write("a.txt", "before the stop\n");
        devbox.Daemon.Process.Signal(SignalNames.Terminate);
        Assert.Equal(0, await devbox.Daemon.Process.ExitCodeAsync());
        Assert.Equal("last words", await devbox.Origin.GitAsync("show", "main:words.txt"));
        Assert.Equal("before the stop", await devbox.Origin.GitAsync("show", "main:a.txt"));
    }

    [Fact]
    public async Task A_push_that_hangs_does_not_hold_up_the_stop_beyond_its_grace()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("interval = \"3600s\"\n", top: "[daemon]\nstop_grace = \"4s\"\n");
        devbox.Origin.WriteHook("pre-receive", "sleep 1000");
        devbox.Work.Write("a.txt", "committed, not pushed\n");
        devbox.Daemon.Process.Signal(SignalNames.Terminate);
        Assert.Equal(0, (await devbox.Daemon.Process.Exit.WaitAsync(TimeSpan.FromSeconds(40))).ShellCode);
        Assert.Equal("committed, not pushed", await devbox.Work.GitAsync("show", "HEAD:a.txt"));
        Assert.Equal("one\ntwo\nthree", await devbox.Origin.GitAsync("show", "main:a.txt"));
    }

    [Fact]
    public async Task Git_runs_as_the_default_user()
    {
        Host.RequireRoot();
        Assert.SkipWhen(UserDatabase.Find("nobody") is null, "there is no user nobody");
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("author = { name = \"N\", email = \"n@example.com\" }\n", devbox =>
        {
            File.SetUnixFileMode(devbox.Folder, (UnixFileMode)0b111_101_101);
            foreach (string path in Directory.EnumerateFileSystemEntries(devbox.Folder, "*", SearchOption.AllDirectories)) FileOwnership.Give(path, UserDatabase.Find("nobody")!);
            return Task.CompletedTask;
        }, top: "[defaults]\nuser = \"nobody\"\n");
        devbox.Work.Write("a.txt", "by nobody\n");
        await devbox.UntilAsync(status => status.LastCommit?.Message == "[AutoCommit] Updated a.txt" && status.Unpushed == 0, "saved");
        uint nobody = UserDatabase.Find("nobody")!.Uid;
        Assert.Equal(nobody, FileOwnership.OwnerOf(devbox.Work.FileOf(".git/index")));
        Assert.Equal(nobody, FileOwnership.OwnerOf(devbox.Work.FileOf(".git/refs/heads/main")));
    }
}
