namespace Sessiond.Spec.Tests;

public sealed class DaemonTableTests
{
    [Theory]
    [InlineData("127.0.0.1:7681", "127.0.0.1", 7681, true)]
    [InlineData("[::1]:80", "::1", 80, true)]
    [InlineData("localhost:0", "localhost", 0, true)]
    [InlineData("0.0.0.0:7681", "0.0.0.0", 7681, false)]
    [InlineData("[::]:7681", "::", 7681, false)]
    public void Addresses_are_read(string text, string host, int port, bool loopback)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address));
        Assert.Equal((host, port, loopback), (address.Host, address.Port, address.IsLoopback));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("7681")]
    [InlineData(":7681")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1: 80")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("1:80")]
    [InlineData("example.com:80")]
    [InlineData("[::1:80")]
    public void What_is_no_address_is_an_error(string text)
    {
        Assert.Contains("is not HOST:PORT", Given.OnlyError($"[daemon]\nlisten = ['{text}']"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("insecure = true", true)]
    [InlineData("tls = { cert = '/c', key = '/k' }", true)]
    [InlineData("tls = { cert = '/c' }", false)]
    [InlineData("tls = 'yes'", false)]
    [InlineData("insecure = 'true'", false)]
    public void An_address_for_others_is_only_opened_with_tls_or_when_insecure_is_said(string line, bool opened)
    {
        SpecResult result = Given.Spec("[daemon]\nlisten = ['0.0.0.0:7681', '127.0.0.1:7682']\n" + line);

        Assert.Equal(opened ? 2 : 1, result.Spec.Daemon.Listen.Count);
        Assert.Equal(opened, result.Errors.Count == 0);
    }

    [Theory]
    [InlineData("https://dash.example.com", true)]
    [InlineData("http://localhost:5173", true)]
    [InlineData("https://dash.example.com/", false)]
    [InlineData("https://dash.example.com/path", false)]
    [InlineData("*", false)]
    [InlineData("null", false)]
    public void Origins_are_exact(string origin, bool valid)
    {
        Assert.Equal(valid, Given.Spec($"[daemon]\nallowed_origins = ['{origin}']").Errors.Count == 0);
    }

    [Fact]
    public void Users_are_names_or_numbers()
    {
        Assert.Equal(["alice", "1000"], Given.Spec("[daemon]\nallowed_users = ['alice', 1000]").Spec.Daemon.AllowedUsers);
    }

    [Fact]
    public void Another_user_needs_root()
    {
        const string Lines = "[[sessions]]\nname = 'a'\nuser = 'bob'\n[[sessions]]\nname = 'b'\nuser = 'alice'\n[[sessions]]\nname = 'c'";

        Assert.Equal(
            "s.toml:4:1: sessions.a: only root can run processes of the user \"bob\"",
            Given.OnlyError(Lines, new SpecLoaderOptions { User = "alice" }));
        Assert.Empty(Given.Spec(Lines, new SpecLoaderOptions { User = "root", IsRoot = true }).Errors);
        Assert.Empty(Given.Spec(Lines).Errors);
    }
}
