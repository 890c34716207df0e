using Sessiond.Cli.Client;

namespace Sessiond.Cli.Tests;

public sealed class EndpointTests
{
    private const int Uid = 1000;

    [Fact]
    public void TheOptionComesFirst()
    {
        Endpoint endpoint = Discover("/tmp/a.sock", ("SESSIOND_SOCKET", "/tmp/b.sock"), ("XDG_RUNTIME_DIR", "/run/user/1000"));
        Assert.Equal(["/tmp/a.sock"], endpoint.Sockets);
    }

    [Fact]
    public void ThenTheEnvironment()
    {
        Endpoint endpoint = Discover(null, ("SESSIOND_SOCKET", "/tmp/b.sock"), ("XDG_RUNTIME_DIR", "/run/user/1000"));
        Assert.Equal(["/tmp/b.sock"], endpoint.Sockets);
    }

    [Fact]
    public void ThenTheDefaultsInOrder()
    {
        Endpoint endpoint = Discover(null, ("SESSIOND_SOCKET", ""), ("XDG_RUNTIME_DIR", "/run/user/1000"));
        Assert.Equal(["/run/sessiond/sessiond.sock", "/run/user/1000/sessiond/sessiond.sock", "/tmp/sessiond-1000/sessiond.sock"], endpoint.Sockets);
    }

    [Fact]
    public void WithoutARuntimeFolderTwoDefaultsAreLeft() =>
        Assert.Equal(["/run/sessiond/sessiond.sock", "/tmp/sessiond-1000/sessiond.sock"], Discover(null).Sockets);

    [Theory]
    [InlineData("http://host:7681", "http://host:7681/")]
    [InlineData("https://host/box/", "https://host/box/")]
    [InlineData("wss://host/box", "https://host/box/")]
    [InlineData("ws://127.0.0.1:80", "http://127.0.0.1/")]
    public void AUrlIsTakenWithItsPath(string url, string expected)
    {
        Endpoint endpoint = Endpoint.Discover(null, url, "token", _ => "/ignored", Uid);
        Assert.Empty(endpoint.Sockets);
        Assert.Equal(new Uri(expected), endpoint.Url);
        Assert.Equal("token", endpoint.TokenFile);
    }

    [Theory]
    [InlineData("/a", "http://host", null)]
    [InlineData(null, "ftp://host", null)]
    [InlineData(null, "host:80:80", null)]
    [InlineData("/a", null, "token")]
    public void ContradictionsAreUsageErrors(string? socket, string? url, string? tokenFile) =>
        Assert.Equal(2, Assert.Throws<CliException>(() => Endpoint.Discover(socket, url, tokenFile, _ => null, Uid)).ExitCode);

    [Fact]
    public void OnlyTheFolderInTmpIsShared()
    {
        Assert.True(Endpoint.IsShared("/tmp/sessiond-1000/sessiond.sock", Uid));
        Assert.False(Endpoint.IsShared("/run/sessiond/sessiond.sock", Uid));
        Assert.False(Endpoint.IsShared("/tmp/sessiond-10001/sessiond.sock", Uid));
    }

    private static Endpoint Discover(string? socket, params (string Key, string Value)[] environment) =>
        Endpoint.Discover(socket, null, null, key => environment.FirstOrDefault(pair => pair.Key == key).Value, Uid);
}
