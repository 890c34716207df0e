using System.Net;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Transport;
using Sessiond.Pty;

namespace Sessiond.Daemon.Tests;

/// <summary>T98: exact, never a suffix.</summary>
public sealed class OriginPolicyTests : IDisposable
{
    private readonly ListeningSocket _socket = ListeningSocket.BindTcp(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly OriginPolicy _policy;

    public OriginPolicyTests()
    {
        var listener = new LoopEndPoint(_socket, $"127.0.0.1:{_socket.Port()}", isUnix: false);
        _policy = new OriginPolicy(["https://dash.example.com"], [listener], "http");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://dash.example.com")]
    [InlineData("http://127.0.0.1:PORT")]
    [InlineData("http://localhost:PORT")]
    [InlineData("http://[::1]:PORT")]
    public void T98_The_listed_one_and_our_own_are_let_in(string? origin) => Assert.True(_policy.Allows(WithPort(origin)));

    [Theory]
    [InlineData("null")]
    [InlineData("http://dash.example.com")]
    [InlineData("https://dash.example.com:8443")]
    [InlineData("https://dash.example.com.evil.example")]
    [InlineData("https://evil-dash.example.com")]
    [InlineData("https://dash.example.com/")]
    [InlineData("HTTPS://DASH.EXAMPLE.COM")]
    [InlineData("https://127.0.0.1:PORT")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:PORT0")]
    [InlineData("http://127.0.0.2:PORT")]
    [InlineData("http://localhost.evil.example:PORT")]
    public void T98_Every_other_one_is_refused(string origin) => Assert.False(_policy.Allows(WithPort(origin)));

    public void Dispose() => _socket.Dispose();

    private string? WithPort(string? origin) => origin?.Replace("PORT", $"{_socket.Port()}", StringComparison.Ordinal);
}
