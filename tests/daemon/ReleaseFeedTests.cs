using Sessiond.Daemon.Startup;

namespace Sessiond.Daemon.Tests;

/// <summary>What <c>[release].feed</c> says.</summary>
public sealed class ReleaseFeedTests
{
    [Theory]
    [InlineData("0.2.0", true)]
    [InlineData("v0.2.0\nnotes", true)]
    [InlineData("0.10.0", true)]
    [InlineData("0.1.0", false)]
    [InlineData("0.0.9", false)]
    [InlineData("0.1.0-rc1", false)]
    [InlineData("newest", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_a_higher_version_is_newer(string? named, bool isNewer) => Assert.Equal(isNewer, ReleaseFeed.IsNewer(named, "0.1.0"));

    [Fact]
    public async Task A_file_that_names_a_newer_version_is_noticed()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "99.0.0\n", TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var feed = new ReleaseFeed(() => path, "0.1.0", _ => throw new IOException("not asked"));
        var changed = new TaskCompletionSource();
        Task run = feed.RunAsync(changed.SetResult, TimeProvider.System, stop.Token);
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(feed.NamesNewer);
        await stop.CancelAsync();
        await run;
        File.Delete(path);
    }
}
