using Sessiond.Daemon.Sessions;

namespace Sessiond.Daemon.Tests;

/// <summary>What of a long log a pattern sees.</summary>
public sealed class SessionWaitTests
{
    [Fact]
    public void What_is_kept_of_a_long_text_begins_with_a_line()
    {
        Assert.Equal("already\n", SessionWait.LastLines("already\n"));
        string lines = string.Concat(Enumerable.Repeat("already\n", 20_000));
        string kept = SessionWait.LastLines(lines);
        Assert.InRange(kept.Length, SessionWait.MaxText - 8, SessionWait.MaxText);
        Assert.StartsWith("already", kept, StringComparison.Ordinal);
        string whole = new string('x', SessionWait.MaxText - 1) + "\n";
        Assert.Equal(whole, SessionWait.LastLines("y\n" + whole));
        Assert.Equal("", SessionWait.LastLines(new string('x', SessionWait.MaxText + 1)));
    }
}
