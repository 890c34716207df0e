using System.Net.Sockets;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The Unix socket: its permissions, and whom it lets in by SO_PEERCRED.</summary>
public sealed class SocketTests
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerAll = OwnerReadWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task The_socket_is_0600_in_a_0700_folder()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Assert.Equal(OwnerReadWrite, File.GetUnixFileMode(daemon.Socket));
        Assert.Equal(OwnerAll, File.GetUnixFileMode(Path.GetDirectoryName(daemon.Socket)!));
        Assert.Equal(OwnerAll, File.GetUnixFileMode(daemon.StateDir));
    }

    [Fact]
    public async Task Another_user_is_refused_and_the_command_line_exits_5()
    {
        Host.RequireRoot();
        Host.Require("setpriv");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        // The folders are opened so that SO_PEERCRED alone is what refuses.
        Open(daemon);
        (int code, string output) = await AsNobodyAsync(daemon, "list");
        Assert.True(code == 5, $"exit code {code}: {output}");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket));
        Assert.Equal("running", (await daemon.StatusAsync()).State);
    }

    [Fact]
    public async Task An_allowed_user_is_let_in_and_the_socket_is_0666_in_a_0711_folder()
    {
        Host.RequireRoot();
        Host.Require("setpriv");
        await using TestDaemon daemon = await TestDaemon.StartAsync(daemonKeys: "allowed_users = [\"nobody\"]");
        const UnixFileMode Everyone = OwnerReadWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        Assert.Equal(Everyone, File.GetUnixFileMode(daemon.Socket));
        Assert.Equal(OwnerAll | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute, File.GetUnixFileMode(Path.GetDirectoryName(daemon.Socket)!));
        await daemon.NewAsync("roots", ["cat"]);
        File.SetUnixFileMode(daemon.Folder, OwnerAll | UnixFileMode.OtherExecute);
        (int code, string output) = await AsNobodyAsync(daemon, "new", "-d", "nobodys", "--", "cat");
        Assert.True(code == 0, output);
        SessionObject session = await daemon.SessionAsync("nobodys");
        Assert.Equal("nobody", session.Owner);
        // A stranger's private session is none: not listed, not found.
        (code, output) = await AsNobodyAsync(daemon, "list");
        Assert.True(code == 0 && output.Contains("nobodys", StringComparison.Ordinal) && !output.Contains("roots", StringComparison.Ordinal), output);
        (code, output) = await AsNobodyAsync(daemon, "screen", "roots");
        Assert.True(code == 3, output);
        (code, output) = await AsNobodyAsync(daemon, "terminate", "roots");
        Assert.True(code == 3, output);
        // Another one, who is not listed, is refused although the socket is open to connect to.
        (code, output) = await AsAsync(daemon, "daemon", "list");
        Assert.True(code == 5, output);
    }

    /// <summary>T81: what a killed daemon left behind is replaced.</summary>
    [Fact]
    public async Task T81_A_stale_socket_is_replaced_and_a_living_one_is_not()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        daemon.Process.Signal(SignalNames.Kill);
        await daemon.Process.Exit;
        await Eventually.TrueAsync(async () => (await daemon.CliAsync("list")).ExitCode == 4, "the daemon ends when its holder is gone");
        Assert.True(File.Exists(daemon.Socket), "kill -9 leaves the socket file");
        (await daemon.CliAsync("list")).Expect(4);
        await daemon.StartAgainAsync();
        (await daemon.CliAsync("list")).Expect(0);
        await using var second = PipedProgram.Start(
            [Host.Binary, "serve", "--spec", Path.Combine(daemon.Folder, "spec.toml"), "--socket", daemon.Socket, "--state-dir", Path.Combine(daemon.Folder, "state2")], Host.Environ());
        Assert.Equal(1, await second.ExitCodeAsync());
        (await daemon.CliAsync("list")).Expect(0);
    }

    private static Task<(int Code, string Output)> AsNobodyAsync(TestDaemon daemon, params string[] arguments) => AsAsync(daemon, "nobody", arguments);

    /// <summary>Runs a command as another user, from a copy of the binary that the user can execute.</summary>
    private static async Task<(int Code, string Output)> AsAsync(TestDaemon daemon, string user, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        string copy = Path.Combine(folder.Path, "sessiond");
        File.Copy(Host.Binary, copy);
        File.SetUnixFileMode(folder.Path, OwnerAll | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(copy, OwnerAll | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        UserIdentity identity = UserDatabase.Find(user)!;
        string[] argv = [Host.Find("setpriv")!, $"--reuid={identity.Uid}", $"--regid={identity.Gid}", "--clear-groups", copy, .. arguments];
        await using var program = PipedProgram.Start(argv, daemon.Environ);
        int code = await program.ExitCodeAsync();
        return (code, program.Output.Text());
    }

    private static void Open(TestDaemon daemon)
    {
        const UnixFileMode All = (UnixFileMode)0x1FF;
        File.SetUnixFileMode(daemon.Folder, All);
        File.SetUnixFileMode(Path.GetDirectoryName(daemon.Socket)!, All);
        File.SetUnixFileMode(daemon.Socket, All);
    }
}
