using Sessiond.Cli.Output;

namespace Sessiond.Cli.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("é 漢字 😀", "é 漢字 😀")]
    [InlineData("\e[2J", "\\x1b[2J")]
    [InlineData("\e]0;title\a", "\\x1b]0;title\\x07")]
    [InlineData("a\u009b31mb", "a\\x9b31mb")]
    [InlineData("a\nb\tc\r", "a\\nb\\tc\\x0d")]
    [InlineData("\u007f", "\\x7f")]
    [InlineData("a\u202eb", "a\\u202eb")]
    [InlineData("a\u2028b", "a\\u2028b")]
    [InlineData("", "")]
    public void ControlCharactersBecomeVisible(string text, string expected) => Assert.Equal(expected, SafeText.Of(text));

    [Fact]
    public void LoneSurrogatesAreReplaced()
    {
        Assert.Equal("\ufffdx", SafeText.Of("\ud800x"));
        Assert.Equal("x\ufffd", SafeText.Of("x\udc00"));
    }

    [Fact]
    public void TheResultIsSafeToSanitiseAgain()
    {
        string all = string.Concat(Enumerable.Range(0, 0x3000).Select(c => (char)c));
        string once = SafeText.Of(all);
        Assert.Equal(once, SafeText.Of(once));
        Assert.DoesNotContain(once, char.IsControl);
    }
}
