using System.Net;
using Sessiond.Cli.Attach;
using Sessiond.Cli.Client;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Tests;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(400, "bad JSON", 2)]
    [InlineData(422, "bad name", 2)]
    [InlineData(401, null, 5)]
    [InlineData(403, "not permitted", 5)]
    [InlineData(404, "no such session", 3)]
    [InlineData(404, "no such route", 1)]
    [InlineData(404, null, 1)]
    [InlineData(405, "method not allowed", 1)]
    [InlineData(409, "busy", 6)]
    [InlineData(500, null, 1)]
    [InlineData(501, "not implemented", 1)]
    [InlineData(504, null, 124)]
    public void AStatusHasAnExitCode(int status, string? title, int expected) =>
        Assert.Equal(expected, ApiFailure.ExitCodeOf((HttpStatusCode)status, title, "v1/sessions/x/start", conflict: ExitCode.Busy));

    [Fact]
    public void AMissingHookIsNoMissingSession() =>
        Assert.Equal(1, ApiFailure.ExitCodeOf(HttpStatusCode.NotFound, "no such hook", "v1/hooks/x/rerun", conflict: ExitCode.Failed));

    [Theory]
    [InlineData(1000, 0, "[detached from x]")]
    [InlineData(1001, 4, "[x: the daemon is shutting down]")]
    [InlineData(4001, 6, "[taken over by alice]")]
    [InlineData(4002, 3, "[x ended: exit 3]")]
    [InlineData(4003, 5, "[x: why]")]
    [InlineData(4004, 3, "[x: why]")]
    [InlineData(4008, 4, "[x: connection to the daemon lost]")]
    [InlineData(4009, 6, "[x: why]")]
    [InlineData(4011, 5, "[x: why]")]
    [InlineData(1009, 1, "[x: why]")]
    public void ACloseCodeHasAnExitCodeAndALine(int close, int expected, string line)
    {
        var exit = new ServerMessage { Type = "exit", Code = 3 };
        AttachEnd end = AttachReceiver.EndOfClose(close, "why", exit, takenBy: "alice");
        Assert.Equal(expected, end.ToExitCode());
        Assert.Equal(line, end.ToLine("x"));
    }

    [Theory]
    [InlineData(4001)]
    [InlineData(4002)]
    [InlineData(4003)]
    [InlineData(4004)]
    [InlineData(4011)]
    [InlineData(1000)]
    public void AfterARefusalTheClientDoesNotComeBack(int close) => Assert.False(AttachReceiver.EndOfClose(close, null).MayResume);

    [Theory]
    [InlineData(4008)]
    [InlineData(4010)]
    [InlineData(null)]
    public void AfterACutTheClientComesBack(int? close) => Assert.True(AttachReceiver.EndOfClose(close, null).MayResume);

    [Theory]
    [InlineData("SIGHUP", 129)]
    [InlineData("SIGINT", 130)]
    [InlineData("SIGKILL", 137)]
    [InlineData("SIGSEGV", 139)]
    [InlineData("SIGTERM", 143)]
    [InlineData("SIGSYS", 159)]
    [InlineData("SIGRT34", 162)]
    [InlineData("TERM", 143)]
    [InlineData("SIGWHAT", 128)]
    public void AnEndByASignalIs128AndItsNumber(string signal, int expected)
    {
        Assert.Equal(expected, SignalNumbers.ExitCodeOf(signal));
        Assert.Equal(expected, AttachEnd.Exited(null, signal).ToExitCode());
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A-b_c.9", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\nb", false)]
    [InlineData("-a", false)]
    [InlineData("é", false)]
    [InlineData("a\e[2J", false)]
    public void T57_OnlyNamesThatASessionCanBearReachAPath(string name, bool legal)
    {
        Assert.Equal(legal, SessionPath.IsName(name));
        if (!legal) Assert.Equal(2, Assert.Throws<CliException>(() => SessionPath.Of(name)).ExitCode);
    }

    [Fact]
    public void T57_ANameOf65CharactersIsNone()
    {
        Assert.True(SessionPath.IsName(new string('a', 64)));
        Assert.False(SessionPath.IsName(new string('a', 65)));
    }
}
