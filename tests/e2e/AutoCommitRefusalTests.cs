using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>T92: what auto-commit keeps its hands off, with index, branch and worktree unchanged, a reason that is told, and a save when it is over.</summary>
public sealed class AutoCommitRefusalTests
{
    [Fact]
    public async Task T92_A_merge_in_progress()
    {
        await using SavedDevbox devbox = await ConflictingAsync();
        await RefusesAsync(devbox, "a merge is in progress", ["merge", "other"], ["merge", "--abort"]);
    }

    [Fact]
    public async Task T92_A_rebase_in_progress()
    {
        await using SavedDevbox devbox = await ConflictingAsync();
        await RefusesAsync(devbox, "a rebase is in progress", ["rebase", "other"], ["rebase", "--abort"]);
    }

    [Fact]
    public async Task T92_A_cherry_pick_in_progress()
    {
        await using SavedDevbox devbox = await ConflictingAsync();
        await RefusesAsync(devbox, "a cherry-pick is in progress", ["cherry-pick", "other"], ["cherry-pick", "--abort"]);
    }

    [Fact]
    public async Task T92_A_revert_in_progress()
    {
        await using SavedDevbox devbox = await ConflictingAsync();
        await RefusesAsync(devbox, "a revert is in progress", ["revert", "--no-edit", "HEAD~1"], ["revert", "--abort"]);
    }

    [Fact]
    public async Task T92_A_bisect_in_progress()
    {
        await using SavedDevbox devbox = await ConflictingAsync();
        await RefusesAsync(devbox, "a bisect is in progress", ["bisect", "start"], ["bisect", "reset"]);
    }

    [Fact]
    public async Task T92_Unmerged_files_of_a_stash()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: async devbox =>
        {
            devbox.Work.Write("a.txt", "stashed\n");
            await devbox.Work.GitAsync("stash", "-q");
            devbox.Work.Write("a.txt", "other than stashed\n");
            await devbox.Work.CommitAsync("other than stashed");
        });
        string stash = await devbox.Work.GitAsync("rev-parse", "refs/stash");
        await RefusesAsync(devbox, "the index has unmerged files", ["stash", "pop"], ["reset", "-q", "--hard"]);
        Assert.Equal(stash, await devbox.Work.GitAsync("rev-parse", "refs/stash"));
    }

    [Fact]
    public async Task T92_A_detached_HEAD()
    {
        await using SavedDevbox devbox = await ConflictingAsync();
        await RefusesAsync(devbox, "HEAD is detached", ["checkout", "-q", "--detach"], ["checkout", "-q", "main"]);
    }

    [Fact]
    public async Task T92_A_foreign_index_lock()
    {
        await using SavedDevbox devbox = await ConflictingAsync();
        string before = await PictureAsync(devbox.Work);
        devbox.Work.Write(".git/index.lock", "");
        devbox.Work.Write("b.txt", "b\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("another git process holds index.lock", status.Reason, StringComparison.Ordinal);
        Assert.Equal("", devbox.Work.Read(".git/index.lock"));
        Assert.Equal(before, await PictureAsync(devbox.Work));
        devbox.Work.Delete(".git/index.lock");
        await devbox.UntilRemoteAsync("b.txt", "b\n");
    }

    [Fact]
    public async Task T92_A_half_deleted_tree_is_saved_by_force_alone()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: async devbox =>
        {
            for (int i = 0; i < 20; i++) devbox.Work.Write($"f{i}", $"{i}\n");
            await devbox.Work.CommitAsync("twenty");
        });
        await devbox.UntilSavedAsync();
        string before = await PictureAsync(devbox.Work);
        for (int i = 0; i < 15; i++) devbox.Work.Delete($"f{i}");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("15 of 21 files are gone", status.Reason, StringComparison.Ordinal);
        Assert.Equal(before, await PictureAsync(devbox.Work));
        CliResult refused = await devbox.Daemon.CliAsync("commit", "now");
        Assert.Equal(1, refused.ExitCode);
        (await devbox.Daemon.CliAsync("commit", "now", "--force")).Expect(0);
        Assert.Equal(6, (await devbox.Origin.GitAsync("ls-tree", "--name-only", "main")).Split('\n').Length);
    }

    [Fact]
    public async Task T92_A_renamed_folder_is_no_half_deleted_tree()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: async devbox =>
        {
            for (int i = 0; i < 20; i++) devbox.Work.Write($"src/f{i}", $"{i}\n");
            await devbox.Work.CommitAsync("twenty");
        });
        await devbox.UntilSavedAsync();
        Directory.Move(devbox.Work.FileOf("src"), devbox.Work.FileOf("lib"));
        await devbox.UntilRemoteAsync("lib/f7", "7\n");
        devbox.Work.Write("lib/f7", "watched under its new name\n");
        await devbox.UntilRemoteAsync("lib/f7", "watched under its new name\n");
    }

    [Fact]
    public async Task T92_The_home_folder_as_worktree()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(home: devbox => devbox.Work.Path);
        string head = await devbox.Work.GitAsync("rev-parse", "HEAD");
        devbox.Work.Write(".ssh/config", "private\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("the whole home folder", status.Reason, StringComparison.Ordinal);
        Assert.Equal(head, await devbox.Work.GitAsync("rev-parse", "HEAD"));
    }

    [Fact]
    public async Task T92_No_remote()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: async devbox => await devbox.Work.GitAsync("remote", "remove", "origin"));
        devbox.Work.Write("a.txt", "local\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked" && status.LastCommit?.Message.StartsWith("[AutoCommit]", StringComparison.Ordinal) == true, "committed, not pushed");
        Assert.Contains("there is no remote \"origin\"", status.Reason, StringComparison.Ordinal);
        Assert.Equal("local", await devbox.Work.GitAsync("show", "HEAD:a.txt"));
        Assert.Equal(0, status.Uncommitted);
        await devbox.Work.GitAsync("remote", "add", "origin", devbox.Origin.Path);
        await devbox.UntilRemoteAsync("a.txt", "local\n");
    }

    [Fact]
    public async Task T92_No_repository_yet()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(prepare: devbox =>
        {
            Directory.Move(devbox.Work.FileOf(".git"), Path.Combine(devbox.Folder, "elsewhere"));
            return Task.CompletedTask;
        });
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("not a git repository", status.Error, StringComparison.OrdinalIgnoreCase);
        devbox.Work.Write("a.txt", "edited before there was a repository\n");
        Directory.Move(Path.Combine(devbox.Folder, "elsewhere"), devbox.Work.FileOf(".git"));
        await devbox.UntilRemoteAsync("a.txt", "edited before there was a repository\n");
        Assert.Null((await devbox.UntilSavedAsync()).Error);
    }

    [Fact]
    public async Task T92_A_commit_of_the_user_at_the_same_time_loses_nothing()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("max_wait = \"1s\"\n");
        await devbox.UntilSavedAsync();
        int own = 0;
        for (int i = 0; i < 40; i++)
        {
            devbox.Work.Write($"user{i}", $"{i}\n");
            devbox.Work.Write("busy", $"{i}\n");
            (int added, _, _) = await devbox.Work.TryGitAsync("add", $"user{i}");
            (int committed, string output, string error) = added == 0 ? await devbox.Work.TryGitAsync("commit", "-q", "-m", $"user {i}") : (1, "", "index.lock");
            if (committed == 0) own++;
            else Assert.True((output + error).Contains("nothing", StringComparison.Ordinal) || (output + error).Contains("lock", StringComparison.Ordinal), output + error);
        }

        await devbox.UntilRemoteAsync("busy", "39\n");
        await devbox.UntilSavedAsync();
        Assert.Equal(own, (await devbox.Work.GitAsync("log", "--format=%s", "--grep=^user ")).Split('\n').Length);
        for (int i = 0; i < 40; i++) Assert.Equal($"{i}", await devbox.Work.GitAsync("show", $"HEAD:user{i}"));
        // Each commit is on top of the one before it: no fork, no merge.
        Assert.Equal("", await devbox.Work.GitAsync("rev-list", "--min-parents=2", "HEAD"));
    }

    /// <summary>A branch <c>other</c> that conflicts with <c>main</c>, and a revert of HEAD~1 that does.</summary>
    private static Task<SavedDevbox> ConflictingAsync() => SavedDevbox.StartAsync(prepare: async devbox =>
    {
        await devbox.Work.GitAsync("checkout", "-q", "-b", "other");
        devbox.Work.Write("a.txt", "other\n");
        await devbox.Work.CommitAsync("other");
        await devbox.Work.GitAsync("checkout", "-q", "main");
        devbox.Work.Write("a.txt", "second\n");
        await devbox.Work.CommitAsync("second");
        devbox.Work.Write("a.txt", "third\n");
        await devbox.Work.CommitAsync("third");
        await devbox.Work.GitAsync("push", "-q", "origin", "main");
    });

    private static async Task RefusesAsync(SavedDevbox devbox, string reason, string[] begin, string[] end)
    {
        await devbox.UntilAsync(status => status.State == "watching", "watching");
        await devbox.Work.TryGitAsync(begin);
        string before = await PictureAsync(devbox.Work);
        devbox.Work.Write("b.txt", "edited meanwhile\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains(reason, status.Reason, StringComparison.Ordinal);
        AutoCommitObject flushed = await devbox.FlushAsync();
        Assert.Equal("blocked", flushed.State);
        Assert.True(flushed.Uncommitted > 0);
        Assert.Equal(before, await PictureAsync(devbox.Work));
        await devbox.Work.GitAsync(end);
        if (!devbox.Work.Has("b.txt")) devbox.Work.Write("b.txt", "edited meanwhile\n");
        await devbox.UntilRemoteAsync("b.txt", "edited meanwhile\n");
    }

    /// <summary>Branches, HEAD, index and tracked files of a repository.</summary>
    private static async Task<string> PictureAsync(GitFolder repository) => string.Join(
        "\n",
        await repository.GitAsync("for-each-ref", "refs/heads"),
        repository.Read(".git/HEAD"),
        await repository.GitAsync("ls-files", "-s"),
        (await repository.TryGitAsync("stash", "list")).Output);
}
