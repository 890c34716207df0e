using System.Text;
using Sessiond.Cli.Attach;

namespace Sessiond.Cli.Tests;

public sealed class OutputFilterTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("\e[H\e[2J\e[3J$ ", "\e[H\e[2J$ ")]
    [InlineData("a\e[?3Jb\e[3J\e[3Jc", "abc")]
    [InlineData("\e[3;1H\e[33mx\e[J", "\e[3;1H\e[33mx\e[J")]
    [InlineData("\e", "\e")]
    public void TheScrollbackOfTheOuterTerminalIsNotErased(string text, string expected) => Assert.Equal(expected, Filter(text).Text);

    [Fact]
    public void AFullResetBecomesOneThatErasesNoScrollback()
    {
        string text = Filter("a\ecb").Text;
        Assert.DoesNotContain("\ec", text, StringComparison.Ordinal);
        Assert.StartsWith("a", text, StringComparison.Ordinal);
        Assert.EndsWith("\e[H\e[2Jb", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\e]4;1;#ff0000\e\\", true)]
    [InlineData("\e]11;#000000\a", true)]
    [InlineData("\e]0;title\a", false)]
    [InlineData("\e]112\a", false)]
    [InlineData("\e]8;;http://x\a", false)]
    public void ChangedColoursAreNoted(string text, bool changed) => Assert.Equal(changed, Filter(text).ColorsChanged);

    [Theory]
    [InlineData("abc", 0)]
    [InlineData("abc\e", 1)]
    [InlineData("abc\e[", 2)]
    [InlineData("abc\e[3", 3)]
    [InlineData("abc\e[?3", 4)]
    [InlineData("abc\e[?", 3)]
    [InlineData("abc\e[4", 0)]
    [InlineData("abc\e[3m", 0)]
    [InlineData("\e[1\e[", 2)]
    public void APartEndsBeforeASequenceThatMayBeFiltered(string part, int held) =>
        Assert.Equal(held, OutputFilter.HeldTail(Encoding.UTF8.GetBytes(part)));

    private static (string Text, bool ColorsChanged) Filter(string text)
    {
        using var output = new MemoryStream();
        var filter = new OutputFilter(output);
        filter.Write(Encoding.UTF8.GetBytes(text));
        return (Encoding.UTF8.GetString(output.ToArray()), filter.ColorsChanged);
    }
}
