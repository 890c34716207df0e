namespace Sessiond.Pty.Tests;

/// <summary>The master side alone.</summary>
public sealed class PtyMasterTests
{
    [Fact]
    public void Output_is_there_until_it_is_read()
    {
        using ChildRun run = ChildRun.Start("sh", "-c", "printf x; exec sleep 1025");
        Assert.True(Poll.Readable(run.Master.Fd));
        Assert.True(run.Master.HasOutput());
        Assert.Equal(1, run.Master.Read(new byte[16]));
        Assert.False(run.Master.HasOutput());
    }
}
