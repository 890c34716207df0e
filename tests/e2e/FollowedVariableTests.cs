using System.Net.Sockets;
using System.Text;
using Sessiond.Spec;

namespace Sessiond.E2e.Tests;

/// <summary>T90: SSH_AUTH_SOCK and its like are paths that stay, and lead to what the newest attached client has.</summary>
public sealed class FollowedVariableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Socket> _agents = [];

    [Fact]
    public async Task T90_The_agent_of_the_newest_client_is_found_and_when_it_leaves_that_of_one_who_stays()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("busy", shell: "echo path=$SSH_AUTH_SOCK=; exec cat");
        string path = PathIn(await daemon.UntilScreenAsync("busy", ".sock="));
        Assert.False(File.Exists(path));
        string first = Agent("first"), second = Agent("second");
        await using WireClient observer = await AttachAsync(daemon, "mode=observe", first);
        await LeadsAsync(path, "first");
        await using (WireClient controller = await AttachAsync(daemon, "mode=control", second))
        {
            await LeadsAsync(path, "second");
        }

        await LeadsAsync(path, "first");
        // A takeover: the evicted client's agent is no more the session's.
        await using WireClient third = await AttachAsync(daemon, "mode=control", Agent("third"));
        await LeadsAsync(path, "third");
        await using WireClient fourth = await AttachAsync(daemon, "mode=control", Agent("fourth"));
        await LeadsAsync(path, "fourth");
        await third.Said.UntilAsync("taken_over");
        await LeadsAsync(path, "fourth");
        // The path outlives the daemon, a rename, and a stop.
        await daemon.CrashAsync();
        await LeadsAsync(path, "fourth");
        using HttpResponseMessage renamed = await daemon.Http.PatchAsync("v1/sessions/busy", TestDaemon.Json("""{"name":"other"}"""));
        Assert.True(renamed.IsSuccessStatusCode);
        await daemon.PostAsync("v1/sessions/other/restart");
        Assert.Equal(path, PathIn(await daemon.UntilScreenAsync("other", ".sock=")));
        await LeadsAsync(path, "fourth");
        await daemon.TerminateAsync("other");
        await Eventually.TrueAsync(() => !Path.Exists(Path.GetDirectoryName(path)), "the session's folder is gone");
    }

    [Fact]
    public async Task T90_The_command_line_brings_its_users_agent_and_display()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Dictionary<string, string> environ = new(daemon.Environ) { ["SSH_AUTH_SOCK"] = Agent("laptop"), ["DISPLAY"] = ":7", ["WAYLAND_DISPLAY"] = "wayland-0", ["XDG_RUNTIME_DIR"] = _folder.Path };
        Agent("wayland-0");
        string[] shell = ["sh", "-c", "echo path=$SSH_AUTH_SOCK= display=$DISPLAY wayland=${WAYLAND_DISPLAY##*/}=; read go; . $SESSIOND_CLIENT_ENV; echo now=$DISPLAY=; exec cat"];
        await using (var made = PipedProgram.Start([Host.Binary, "new", "-d", "busy", "--size", "200x24", "--", .. shell], environ))
        {
            Assert.Equal(0, await made.ExitCodeAsync());
        }

        string screen = await daemon.UntilScreenAsync("busy", "wayland=");
        Assert.Contains("display=:7 wayland=wayland.sock=", screen, StringComparison.Ordinal);
        await LeadsAsync(PathIn(screen), "laptop");
        environ["SSH_AUTH_SOCK"] = Agent("desk");
        environ["DISPLAY"] = "it's:9";
        await using var terminal = PtyProgram.Start([Host.Binary, "attach", "busy"], environ, 200);
        await LeadsAsync(PathIn(screen), "desk");
        // What is no path is in a file, for a shell that was there before.
        await terminal.UntilAsync("wayland.sock=");
        terminal.Type("\r");
        await terminal.UntilAsync("now=it's:9=");
    }

    [Fact]
    public async Task T90_What_the_spec_says_counts_and_a_dead_or_circular_path_changes_nothing()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "own"
            command = "echo path=$SSH_AUTH_SOCK=; exec cat"
            env = { SSH_AUTH_SOCK = "/somewhere/else" }
            [[sessions]]
            name = "none"
            command = "echo path=$SSH_AUTH_SOCK=; exec cat"
            env = { SSH_AUTH_SOCK = { unset = true } }
            """);
        await daemon.UntilScreenAsync("own", "path=/somewhere/else=");
        await daemon.UntilScreenAsync("none", "path==");
        await daemon.NewAsync("busy", shell: "echo path=$SSH_AUTH_SOCK=; exec cat");
        string path = PathIn(await daemon.UntilScreenAsync("busy", ".sock="));
        await using WireClient good = await AttachAsync(daemon, "mode=observe", Agent("good"));
        await LeadsAsync(path, "good");
        string detour = Path.Combine(_folder.Path, "detour");
        File.CreateSymbolicLink(detour, path);
        foreach (string wrong in (string[])[Path.Combine(_folder.Path, "nobody"), path, detour, "relative.sock", "/tmp/new\nline"])
        {
            await using WireClient other = await AttachAsync(daemon, "mode=observe", wrong);
            await other.MessageAsync("hello");
            await LeadsAsync(path, "good");
        }
    }

    [Fact]
    public async Task T90_A_path_that_comes_over_the_network_or_from_another_user_is_not_believed()
    {
        Host.RequireRoot();
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1FF);
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), TestDaemon.Token);
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(
            folder,
            $"schema = 1\nworkspace = \"/\"\n[daemon]\ntoken_file = \"{folder}/token\"\n[defaults]\nuser = \"nobody\"\n[[sessions]]\nname = \"busy\"\ncommand = \"echo path=$SSH_AUTH_SOCK=; exec cat\"\n",
            tcp: true);
        string path = PathIn(await daemon.UntilScreenAsync("busy", ".sock="));
        string agent = Agent("roots");
        await using WireClient network = await WireClient.AttachAsync(
            await WebSocketUpgrade.TcpAsync(daemon.Port), "/v1/sessions/busy/attach?mode=observe", "sessiond.v1", Said(agent), ("Authorization", $"Bearer {TestDaemon.Token}"));
        await network.MessageAsync("hello");
        await using WireClient root = await AttachAsync(daemon, "mode=observe", agent);
        await root.MessageAsync("hello");
        Assert.False(Path.Exists(path));
        // The session's user is believed, of what is theirs.
        UserIdentity nobody = UserDatabase.Find("nobody")!;
        foreach (string name in (string[])["theirs", "roots"])
        {
            string theirs = Agent(name);
            if (name == "theirs") FileOwnership.Give(theirs, nobody);
            Dictionary<string, string> environ = new(daemon.Environ) { ["SSH_AUTH_SOCK"] = theirs };
            await using var client = PipedProgram.Start(
                ["setpriv", $"--reuid={nobody.Uid}", $"--regid={nobody.Gid}", "--clear-groups", Host.Binary, "attach", "--observe", "busy"], environ);
            await client.Output.UntilAsync("path=");
            await LeadsAsync(path, "theirs");
        }
    }

    public void Dispose()
    {
        foreach (Socket agent in _agents) agent.Dispose();
        _folder.Dispose();
    }

    private static Task<WireClient> AttachAsync(TestDaemon daemon, string query, string agent) => AttachToAsync(daemon, $"/v1/sessions/busy/attach?{query}", Said(agent));

    private static async Task<WireClient> AttachToAsync(TestDaemon daemon, string path, (string, string) header) =>
        await WireClient.AttachAsync(await WebSocketUpgrade.UnixAsync(daemon.Socket), path, "sessiond.v1", header);

    private static (string Name, string Value) Said(string agent) => (ClientVariables.Header, $"SSH_AUTH_SOCK={Uri.EscapeDataString(agent)}&UNKNOWN=x&broken");

    private static string PathIn(string screen)
    {
        string flat = screen.Replace("\n", "", StringComparison.Ordinal);
        string from = flat[(flat.LastIndexOf("path=", StringComparison.Ordinal) + 5)..];
        return from[..from.IndexOf('=', StringComparison.Ordinal)];
    }

    /// <summary>A socket that greets with its name whoever connects.</summary>
    private string Agent(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        _agents.Add(socket);
        _ = GreetAsync(socket, Encoding.UTF8.GetBytes(name));
        return path;
    }

    private static async Task GreetAsync(Socket socket, byte[] name)
    {
        try
        {
            while (true)
            {
                using Socket client = await socket.AcceptAsync();
                await client.SendAsync(name);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task LeadsAsync(string path, string agent)
    {
        string found = "";
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
                    byte[] buffer = new byte[64];
                    found = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
                }
                catch (SocketException exception)
                {
                    found = exception.Message;
                }

                return found == agent;
            },
            () => $"{path} leads to {agent}, not {found}");
    }
}
