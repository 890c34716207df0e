using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Auto-commit to a ref beside the branches: HEAD, index and worktree are only read.</summary>
public sealed class AutoCommitRefTests
{
    private const string Target = "refs/sessiond/autosave";
    private const string Keys = $"target = \"{Target}\"\n";

    [Fact]
    public async Task T92_Saves_are_a_line_of_commits_beside_the_branch_and_nothing_of_the_users_changes()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(Keys);
        devbox.Work.Write("staged", "staged\n");
        await devbox.Work.GitAsync("add", "staged");
        devbox.Work.Write("a.txt", "one\n");
        string head = devbox.Work.Read(".git/HEAD") + await devbox.Work.GitAsync("rev-parse", "HEAD");
        string status = await devbox.Work.GitAsync("status", "--porcelain");
        byte[] index = await File.ReadAllBytesAsync(devbox.Work.FileOf(".git/index"));
        await devbox.UntilRemoteAsync("a.txt", "one\n", Target);
        devbox.Work.Write("a.txt", "two\n");
        await devbox.UntilRemoteAsync("a.txt", "two\n", Target);
        AutoCommitObject saved = await devbox.UntilSavedAsync();
        Assert.Equal(head, devbox.Work.Read(".git/HEAD") + await devbox.Work.GitAsync("rev-parse", "HEAD"));
        Assert.Equal(index, await File.ReadAllBytesAsync(devbox.Work.FileOf(".git/index")));
        Assert.Equal(status, await devbox.Work.GitAsync("status", "--porcelain"));
        Assert.Equal("staged", await devbox.Work.GitAsync("show", $"{Target}:staged"));
        Assert.Equal(await devbox.Work.GitAsync("rev-parse", Target), saved.LastCommit!.Id);
        await devbox.Work.GitAsync("merge-base", "--is-ancestor", "HEAD", Target);
        Assert.Equal("refs/heads/main\nrefs/sessiond/autosave", await devbox.Origin.GitAsync("for-each-ref", "--format=%(refname)"));
    }

    [Fact]
    public async Task A_commit_of_the_user_is_joined_and_a_detached_HEAD_is_no_obstacle()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(Keys);
        devbox.Work.Write("a.txt", "saved\n");
        await devbox.UntilRemoteAsync("a.txt", "saved\n", Target);
        await devbox.Work.CommitAsync("the user's own");
        string own = await devbox.Work.GitAsync("rev-parse", "HEAD");
        await devbox.Work.GitAsync("checkout", "-q", "--detach");
        devbox.Work.Write("a.txt", "after it\n");
        await devbox.UntilRemoteAsync("a.txt", "after it\n", Target);
        await devbox.Work.GitAsync("merge-base", "--is-ancestor", own, Target);
        Assert.Equal(own, await devbox.Work.GitAsync("rev-parse", "HEAD"));
    }

    [Fact]
    public async Task T92_During_a_merge_nothing_is_saved()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(Keys);
        await devbox.UntilSavedAsync();
        devbox.Work.Write(".git/MERGE_HEAD", await devbox.Work.GitAsync("rev-parse", "HEAD") + "\n");
        devbox.Work.Write("a.txt", "conflict\n");
        AutoCommitObject status = await devbox.UntilAsync(status => status.State == "blocked", "blocked");
        Assert.Contains("a merge is in progress", status.Reason, StringComparison.Ordinal);
        Assert.NotEqual(0, (await devbox.Work.TryGitAsync("rev-parse", "--verify", "-q", Target)).Code);
        devbox.Work.Delete(".git/MERGE_HEAD");
        await devbox.UntilRemoteAsync("a.txt", "conflict\n", Target);
    }

    [Fact]
    public async Task Two_devboxes_that_save_to_one_ref_keep_both_histories()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync(Keys);
        GitFolder other = await devbox.CloneAsync("other");
        other.Write("theirs", "theirs\n");
        await other.CommitAsync("theirs");
        string theirs = await other.GitAsync("rev-parse", "HEAD");
        await other.GitAsync("push", "-q", "origin", $"HEAD:{Target}");
        devbox.Work.Write("a.txt", "ours\n");
        await devbox.UntilRemoteAsync("a.txt", "ours\n", Target);
        await devbox.Origin.GitAsync("merge-base", "--is-ancestor", theirs, Target);
    }
}
