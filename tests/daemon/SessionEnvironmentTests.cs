using Sessiond.Daemon.Sessions;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Tests;

/// <summary>What a program of a session finds in its environment.</summary>
public sealed class SessionEnvironmentTests
{
    private static readonly UserIdentity User = new("alice", 1000, 1000, [1000], "/home/alice", "/bin/zsh");

    [Fact]
    public void T79_It_is_the_users_and_the_terminals()
    {
        Dictionary<string, string> environment = Build([], term: "xterm-256color");
        Assert.Equal("/home/alice", environment["HOME"]);
        Assert.Equal("alice", environment["USER"]);
        Assert.Equal("alice", environment["LOGNAME"]);
        Assert.Equal("/bin/bash", environment["SHELL"]);
        Assert.Equal("xterm-256color", environment["TERM"]);
        Assert.Equal("truecolor", environment["COLORTERM"]);
        Assert.Equal("en_GB.UTF-8", environment["LANG"]);
    }

    [Theory]
    [InlineData("no-such-terminal")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public void T79_An_unknown_TERM_falls_back(string term) => Assert.Equal("xterm-256color", Build([], term)["TERM"]);

    [Theory]
    [InlineData("NOTIFY_SOCKET")]
    [InlineData("LISTEN_FDS")]
    [InlineData("TMUX")]
    [InlineData("TERMINFO")]
    [InlineData("COLUMNS")]
    [InlineData("SESSIOND_SOCKET")]
    [InlineData("SESSIOND_ANYTHING")]
    public void T79_What_is_the_daemons_or_its_terminals_own_is_not_inherited(string name) => Assert.DoesNotContain(name, Build([]).Keys);

    [Fact]
    public void Entries_set_extend_expand_and_remove_in_their_order()
    {
        Dictionary<string, string> environment = Build(
        [
            new EnvEntry { Name = "TOOLS", Value = "${workspace}/tools" },
            new EnvEntry { Name = "PATH", Prepend = ["${env:TOOLS}/bin"], Append = ["/last"] },
            new EnvEntry { Name = "LANG", Unset = true },
            new EnvEntry { Name = "LIST", Append = ["one"] },
            new EnvEntry { Name = "URL", Value = "http://127.0.0.1:${port}/" },
        ]);
        Assert.Equal("/project/tools/bin:/usr/bin:/bin:/last", environment["PATH"]);
        Assert.DoesNotContain("LANG", environment.Keys);
        Assert.Equal("one", environment["LIST"]);
        Assert.Equal("http://127.0.0.1:3000/", environment["URL"]);
        Assert.Equal("3000", environment["PORT"]);
    }

    private static Dictionary<string, string> Build(IEnumerable<EnvEntry> entries, string term = "xterm")
    {
        var inherited = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["LANG"] = "en_GB.UTF-8",
            ["HOME"] = "/root",
            ["NOTIFY_SOCKET"] = "/run/notify",
            ["LISTEN_FDS"] = "1",
            ["TMUX"] = "/tmp/tmux",
            ["TERMINFO"] = "/opt/terminfo",
            ["COLUMNS"] = "80",
            ["SESSIOND_SOCKET"] = "/run/other",
            ["SESSIOND_ANYTHING"] = "x",
        };
        return SessionEnvironment.Build(inherited, User, "/bin/bash", term, 3000, entries, "/project");
    }
}
