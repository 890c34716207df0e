namespace Sessiond.E2e.Tests;

/// <summary>The daemon is killed in the middle of saving: the next one finds everything in git.</summary>
public sealed class AutoCommitCrashTests
{
    [Fact]
    public async Task A_kill_between_commit_and_push_loses_nothing()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        await devbox.UntilSavedAsync();
        // Says that it was reached, and holds the push up until it is let go.
        string reached = Path.Combine(devbox.Folder, "reached"), go = Path.Combine(devbox.Folder, "go");
        devbox.Work.WriteHook("pre-push", $"echo $$ > {reached}; while [ ! -e {go} ]; do sleep 0.1; done; exit 1");
        devbox.Work.Write("a.txt", "committed, then killed\n");
        await Eventually.TrueAsync(() => File.Exists(reached), "the push began");
        Assert.Equal("committed, then killed", await devbox.Work.GitAsync("show", "HEAD:a.txt"));
        devbox.Work.Delete(".git/hooks/pre-push");
        await devbox.CrashAsync();
        devbox.Work.Write("b.txt", "edited after the kill\n");
        await File.WriteAllTextAsync(go, "");
        await devbox.UntilRemoteAsync("a.txt", "committed, then killed\n");
        await devbox.UntilRemoteAsync("b.txt", "edited after the kill\n");
        await devbox.UntilSavedAsync();
    }

    [Fact]
    public async Task What_was_switched_ends_with_a_container_that_was_killed_in_the_place_of_a_stop()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        await devbox.UntilSavedAsync();
        Assert.False((await devbox.PatchAsync("""{"enabled":false}""")).Enabled);
        // All at once: a daemon that outlived its holder would stop in order.
        devbox.Daemon.Process.Signal(SignalNames.Stop);
        await devbox.Daemon.KillDaemonAsync();
        devbox.Daemon.Process.Signal(SignalNames.Kill);
        await devbox.Daemon.Process.ExitCodeAsync();
        await devbox.Daemon.StartAgainAsync();
        await devbox.UntilAsync(status => status.Enabled, "the spec counts again");
    }

    [Fact]
    public async Task Kills_at_any_moment_lose_nothing_and_leave_no_lock()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("max_wait = \"1s\"\n");
        var random = new Random(7);
        for (int round = 0; round < 6; round++)
        {
            await devbox.UntilAsync(_ => true, "it answers");
            string before = devbox.Work.Read(".git/refs/heads/main");
            devbox.Work.Write($"f{round}", $"{round}\n");
            // From just before the save to the middle of it and of the push.
            await Eventually.TrueAsync(
                () => Directory.EnumerateFiles(devbox.Work.FileOf(".git"), "sessiond-*").Any() || devbox.Work.Read(".git/refs/heads/main") != before, "a save began");
            await Task.Delay(random.Next(200));
            await devbox.CrashAsync();
        }

        for (int round = 0; round < 6; round++) await devbox.UntilRemoteAsync($"f{round}", $"{round}\n");
        await devbox.UntilSavedAsync();
        Assert.False(devbox.Work.Has(".git/index.lock"));
        Assert.Equal("", await devbox.Work.GitAsync("status", "--porcelain"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_save_that_was_killed_while_it_held_the_lock_is_finished_or_taken_back(bool hasMoved)
    {
        // As BranchSave leaves it: the pending index has the commit's id in its name, and index.lock is another name of it.
        string pending = "";
        await using SavedDevbox devbox = await SavedDevbox.StartAsync("interval = \"3600s\"\n", async devbox =>
        {
            devbox.Work.Write("a.txt", "saved\n");
            await devbox.Work.GitAsync("stash", "-q");
            await devbox.Work.GitAsync("stash", "apply", "-q");
            await devbox.Work.GitAsync("stash", "drop", "-q");
            string before = devbox.Work.FileOf("../index-before");
            File.Copy(devbox.Work.FileOf(".git/index"), before);
            await devbox.Work.GitAsync("add", "a.txt");
            string commit = await devbox.Work.GitAsync("commit-tree", "-p", "HEAD", "-m", "killed", await devbox.Work.GitAsync("write-tree"));
            pending = $".git/sessiond-pending-{commit}";
            File.Move(devbox.Work.FileOf(".git/index"), devbox.Work.FileOf(pending));
            File.Move(before, devbox.Work.FileOf(".git/index"));
            await LinkAsync(devbox.Work.FileOf(pending), devbox.Work.FileOf(".git/index.lock"));
            if (hasMoved) await devbox.Work.GitAsync("update-ref", "HEAD", commit);
        });
        await Eventually.TrueAsync(() => !devbox.Work.Has(pending) && !devbox.Work.Has(".git/index.lock"), "the lock is given back");
        Assert.Equal(hasMoved ? "" : " M a.txt", await devbox.Work.GitAsync("status", "--porcelain"));
        Assert.Equal("saved\n", devbox.Work.Read("a.txt"));
    }

    [Fact]
    public async Task What_was_turned_off_stays_off_after_a_crash_and_not_after_a_stop()
    {
        await using SavedDevbox devbox = await SavedDevbox.StartAsync();
        await devbox.PatchAsync("""{"enabled":false}""");
        await devbox.CrashAsync();
        devbox.Work.Write("a.txt", "not asked to be saved\n");
        await Eventually.TrueAsync(async () => (await devbox.StatusAsync()).State == "off", "it is off again");
        devbox.Daemon.Process.Signal(SignalNames.Terminate);
        await devbox.Daemon.Process.Exit;
        Assert.Equal("one\ntwo\nthree", await devbox.Work.GitAsync("show", "HEAD:a.txt"));
        await devbox.Daemon.StartAgainAsync();
        await devbox.UntilRemoteAsync("a.txt", "not asked to be saved\n");
    }

    private static async Task LinkAsync(string from, string to)
    {
        await using var link = PipedProgram.Start(["ln", from, to], Host.Environ());
        Assert.Equal(0, await link.ExitCodeAsync());
    }
}
