using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Auto-commit and its remote: others push too, it goes away, it refuses.</summary>
public sealed class AutoCommitRemoteTests
{
    private const string Ten = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

    [Fact]
    public async Task Edits_of_two_clones_at_once_are_all_there()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        GitFolder other = await devbox.CloneAsync("other");
        for (int i = 0; i < 5; i++)
        {
            devbox.Work.Write($"ours{i}", $"{i}\n");
            other.Write($"theirs{i}", $"{i}\n");
            await other.CommitAsync($"theirs {i}");
            if ((await other.TryGitAsync("push", "-q", "origin", "main")).Code != 0)
            {
                await other.GitAsync("pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
                await other.TryGitAsync("push", "-q", "origin", "main");
            }
        }

        for (int i = 0; i < 5; i++) await devbox.UntilRemoteAsync($"ours{i}", $"{i}\n");
        await devbox.UntilSavedAsync();
        await other.GitAsync("pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
        await other.GitAsync("push", "-q", "origin", "main");
        devbox.Work.Write("ours5", "5\n");
        await devbox.UntilRemoteAsync("ours5", "5\n");
        await devbox.UntilSavedAsync();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal($"{i}", await devbox.Origin.GitAsync("show", $"main:theirs{i}"));
            Assert.Equal($"{i}\n", devbox.Work.Read($"theirs{i}"));
        }

        Assert.Equal("", await devbox.Work.GitAsync("status", "--porcelain"));
        Assert.Equal(5, (await devbox.Work.GitAsync("log", "--format=%s", "--grep=^theirs ")).Split('\n').Length);
    }

    [Fact]
    public async Task I13_A_push_has_the_secrets_of_sessions_and_its_words_in_the_status_do_not()
    {
        const string Value = "t0ken-of-the-remote";
        using var secrets = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(secrets.Path, "gh-token"), Value + "\n");
        string provider = $"[secret_provider]\ndir = \"{secrets.Path}\"\n[secrets]\nGITHUB_TOKEN = \"gh-token\"";
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(top: provider);
        await devbox.UntilSavedAsync();
        devbox.Work.WriteHook("pre-push", $"echo \"with $GITHUB_TOKEN\" >&2; test \"$GITHUB_TOKEN\" = {Value} && test -e \"{devbox.Folder}/open\"");
        devbox.Work.Write("b.txt", "b\n");
        AutoCommitObject refused = await devbox.UntilAsync(status => status.Error?.Contains("with ", StringComparison.Ordinal) == true, "the push is refused");
        Assert.Contains($"with {new string('*', Value.Length)}", refused.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(devbox.Folder, "open"), "");
        await devbox.FlushAsync();
        await devbox.UntilRemoteAsync("b.txt", "b\n");
        Assert.DoesNotContain(Value, devbox.Daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_both_sides_changed_the_same_lines_the_local_ones_win_and_the_others_stay_in_the_history()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: SharedAsync);
        GitFolder other = await devbox.CloneAsync("other");
        await devbox.UntilSavedAsync();
        other.Write("shared.txt", Ten.Replace("2\n", "two of theirs\n", StringComparison.Ordinal).Replace("9\n", "nine of theirs\n", StringComparison.Ordinal));
        other.Write("gone-here", "edited there\n");
        other.Delete("gone-there");
        await other.CommitAsync("theirs");
        string theirs = await other.GitAsync("rev-parse", "HEAD");
        await other.GitAsync("push", "-q", "origin", "main");
        devbox.Work.Write("shared.txt", Ten.Replace("2\n", "two of ours\n", StringComparison.Ordinal));
        devbox.Work.Delete("gone-here");
        devbox.Work.Write("gone-there", "edited here\n");
        const string Merged = "1\ntwo of ours\n3\n4\n5\n6\n7\n8\nnine of theirs\n10\n";
        await devbox.UntilRemoteAsync("shared.txt", Merged);
        await devbox.UntilSavedAsync();
        Assert.Equal(Merged, devbox.Work.Read("shared.txt"));
        Assert.False(devbox.Work.Has("gone-here"));
        Assert.Equal("edited here\n", devbox.Work.Read("gone-there"));
        Assert.Equal("", await devbox.Work.GitAsync("status", "--porcelain"));
        await devbox.Work.GitAsync("merge-base", "--is-ancestor", theirs, "HEAD");
        string message = await devbox.Work.GitAsync("log", "-1", "--merges", "--format=%B");
        Assert.Contains("the local side won", message, StringComparison.Ordinal);
        Assert.Contains("shared.txt", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_conflict_stop_it_says_which_files_saves_on_and_pushes_once_they_are_merged()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("conflict = \"stop\"\n", SharedAsync);
        GitFolder other = await devbox.CloneAsync("other");
        await devbox.UntilSavedAsync();
        other.Write("shared.txt", "theirs\n");
        await other.CommitAsync("theirs");
        await other.GitAsync("push", "-q", "origin", "main");
        devbox.Work.Write("shared.txt", "ours\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("both sides changed shared.txt", status.Reason, StringComparison.Ordinal);
        Assert.Equal("theirs", await devbox.Origin.GitAsync("show", "main:shared.txt"));
        devbox.Work.Write("more.txt", "saved on\n");
        await devbox.UntilAsync(status => status.Ahead == 2 && status.Behind == 1, "two commits here, one there");
        Assert.NotEqual(0, (await devbox.Work.TryGitAsync("merge", "origin/main")).Code);
        devbox.Work.Write("shared.txt", "merged\n");
        await devbox.Work.CommitAsync("merged by hand");
        await devbox.UntilRemoteAsync("shared.txt", "merged\n");
        await devbox.UntilRemoteAsync("more.txt", "saved on\n");
        await devbox.UntilSavedAsync();
    }

    [Fact]
    public async Task While_the_remote_is_away_it_commits_and_then_everything_is_pushed()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        await using var server = new GitHttpServer(devbox.Folder, "token");
        await devbox.Work.GitAsync("remote", "set-url", "origin", "http://127.0.0.1:1/origin.git");
        for (int i = 0; i < 3; i++)
        {
            int before = await devbox.Work.CommitCountAsync();
            devbox.Work.Write("a.txt", $"offline {i}\n");
            await Eventually.TrueAsync(async () => await devbox.Work.CommitCountAsync() == before + 1, "committed while offline");
        }

        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "offline", "offline");
        Assert.Equal(3, status.Unpushed);
        Assert.Contains("127.0.0.1", status.Error, StringComparison.Ordinal);
        await devbox.Work.GitAsync("remote", "set-url", "origin", $"http://user:token@127.0.0.1:{server.Port}/origin.git");
        await devbox.UntilRemoteAsync("a.txt", "offline 2\n");
        Assert.Null((await devbox.UntilSavedAsync()).Error);
        Assert.Equal(4, await devbox.Origin.CommitCountAsync("main"));
    }

    [Fact]
    public async Task T92_Over_http_with_a_token_from_a_helper_that_expires_and_is_renewed()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        await using var server = new GitHttpServer(devbox.Folder, "first-token");
        string tokenFile = Path.Combine(devbox.Folder, "token-of-the-user");
        await File.WriteAllTextAsync(tokenFile, "first-token");
        await devbox.Work.GitAsync("config", "credential.helper", $"!f() {{ echo username=u; echo \"password=$(cat {tokenFile})\"; }}; f");
        await devbox.Work.GitAsync("remote", "set-url", "origin", $"http://127.0.0.1:{server.Port}/origin.git");
        devbox.Work.Write("a.txt", "with a token\n");
        await devbox.UntilRemoteAsync("a.txt", "with a token\n");
        server.Token = "second-token";
        devbox.Work.Write("a.txt", "with an expired token\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("Authentication failed", status.Error, StringComparison.Ordinal);
        Assert.Equal(1, status.Unpushed);
        Assert.DoesNotContain("first-token", status.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(tokenFile, "second-token");
        await devbox.UntilRemoteAsync("a.txt", "with an expired token\n");
        Assert.Null((await devbox.UntilSavedAsync()).Error);
        Assert.DoesNotContain("token", devbox.Daemon.Log.Replace("expired token", "", StringComparison.Ordinal).Replace("with a token", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_in_the_URL_of_a_remote_is_in_no_status_and_no_log()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        await using var server = new GitHttpServer(devbox.Folder, "right");
        await devbox.Work.GitAsync("remote", "set-url", "origin", $"http://user:hunter2@127.0.0.1:{server.Port}/origin.git");
        devbox.Work.Write("a.txt", "x\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.Error is not null, "refused");
        Assert.DoesNotContain("hunter2", status.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", devbox.Daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remote_whose_hook_refuses_is_told_in_its_words_and_nothing_is_forced()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: devbox =>
        {
            devbox.Origin.WriteHook("pre-receive", "echo 'no pushes on a Sunday' >&2; exit 1");
            return Task.CompletedTask;
        });
        devbox.Work.Write("a.txt", "kept here\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("no pushes on a Sunday", status.Error, StringComparison.Ordinal);
        Assert.Equal(0, status.Uncommitted);
        Assert.Equal(1, status.Unpushed);
        File.Delete(devbox.Origin.FileOf("hooks/pre-receive"));
        await devbox.UntilRemoteAsync("a.txt", "kept here\n");
    }

    [Fact]
    public async Task With_pull_edits_of_others_come_in_beside_an_edit_that_goes_on()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("pull = \"1s\"\ninterval = \"5s\"\n");
        GitFolder other = await devbox.CloneAsync("other");
        await devbox.UntilSavedAsync();
        other.Write("theirs.txt", "theirs\n");
        await other.CommitAsync("theirs");
        await other.GitAsync("push", "-q", "origin", "main");
        string theirs = await other.GitAsync("rev-parse", "HEAD");
        // Nothing of our own: a fast-forward, and no merge.
        await Eventually.TrueAsync(async () => await devbox.Work.GitAsync("rev-parse", "HEAD") == theirs, "the edit of the other came in");
        Assert.True(devbox.Work.Has("theirs.txt"));
        devbox.Work.Write("a.txt", "ours, at once\n");
        other.Write("a.txt", "one\ntwo\nthree\nfour of theirs\n");
        await other.CommitAsync("four");
        await other.GitAsync("push", "-q", "origin", "main");
        await devbox.UntilRemoteAsync("a.txt", "ours, at once\n");
        await devbox.UntilSavedAsync();
        Assert.Equal("ours, at once\n", devbox.Work.Read("a.txt"));
    }

    [Fact]
    public async Task A_new_branch_is_pushed_under_its_own_name()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        await devbox.Work.GitAsync("checkout", "-q", "-b", "feature", "--track", "origin/main");
        string main = await devbox.Origin.GitAsync("rev-parse", "main");
        devbox.Work.Write("a.txt", "on a branch\n");
        await devbox.UntilRemoteAsync("a.txt", "on a branch\n", "feature");
        Assert.Equal(main, await devbox.Origin.GitAsync("rev-parse", "main"));
    }

    private static async Task SharedAsync(SavedDevbox devbox)
    {
        devbox.Work.Write("shared.txt", Ten);
        devbox.Work.Write("gone-here", "here\n");
        devbox.Work.Write("gone-there", "there\n");
        await devbox.Work.CommitAsync("shared");
        await devbox.Work.GitAsync("push", "-q", "origin", "main");
    }
}
