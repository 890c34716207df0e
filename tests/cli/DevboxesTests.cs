using System.Text;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Tests;

public sealed class DevboxesTests
{
    [Fact]
    public void EachTableIsADevbox()
    {
        IReadOnlyList<Devbox> devboxes = Parse(
            """
            [orders]
            url = "https://orders.example.com/sessiond"
            token_file = "/run/token"
            resume = "boxctl resume orders"

            ["my box"]
            url = "http://127.0.0.1:7681"
            """);
        Assert.Equal(
            [
                new Devbox("orders", "https://orders.example.com/sessiond", "/run/token", "boxctl resume orders"),
                new Devbox("my box", "http://127.0.0.1:7681", null, null),
            ],
            devboxes);
    }

    [Theory]
    [InlineData("[a]\nurl = 1", "boxes.toml:2:7: url is")]
    [InlineData("[a]\nurl = \"http://x\"\ntoken = \"x\"", "boxes.toml:3:1: unknown key token")]
    [InlineData("[a]\nresume = \"x\"", "devbox a has no url")]
    [InlineData("a = 1", "boxes.toml:1:1: a is an integer")]
    [InlineData("[a\n", "boxes.toml:1:")]
    public void AnErrorSaysWhereItIs(string text, string expected)
    {
        CliException error = Assert.Throws<CliException>(() => Parse(text));
        Assert.Equal(1, error.ExitCode);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAFileThereAreNone() => Assert.Empty(Devboxes.Read("/nonexistent/devboxes.toml"));

    [Fact]
    public void TheFileIsInTheFolderForConfiguration()
    {
        Assert.Equal("/c/sessiond/devboxes.toml", Devboxes.FileOf(key => key == "XDG_CONFIG_HOME" ? "/c" : "/h"));
        Assert.Equal("/h/.config/sessiond/devboxes.toml", Devboxes.FileOf(key => key == "HOME" ? "/h" : null));
        Assert.Null(Devboxes.FileOf(_ => null));
    }

    private static IReadOnlyList<Devbox> Parse(string text) => Devboxes.Parse(Encoding.UTF8.GetBytes(text), "boxes.toml");
}
