using Sessiond.Hooks.AutoCommit;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Tests;

/// <summary>Auto-commit and failures of all kinds.</summary>
public sealed class AutoCommitterTests
{
    [Theory]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task Whatever_goes_wrong_in_a_round_is_tried_again_and_the_end_is_an_orderly_one(Type failure)
    {
        using var loop = new EpollLoop("test", static _ => { });
        var git = new FailingGit(failure, failures: 3);
        AutoCommitter committer = AutoCommitter.Start(new AutoCommitOptions
        {
            Spec = new AutoCommitSpec { Interval = TimeSpan.FromSeconds(1) },
            Folder = "/",
            Git = new GitRunner(git, null, new Dictionary<string, string>()),
            Loop = loop,
            Time = TimeProvider.System,
            OnChange = static () => { },
            Log = static _ => { },
        });
        await git.Recovered.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await committer.DisposeAsync();
    }
}
