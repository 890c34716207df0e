using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>
/// <c>sessiond serve</c> of the published binary, in a folder of its own, until the test ends. What it and its sessions leave behind is ended by pid. Its log is part
/// of a failed test's output.
/// </summary>
internal sealed partial class TestDaemon : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(90);

    private readonly string[] _serve;
    private readonly bool _ownsFolder;
    private readonly (string Name, string Value)[] _environment;

    private TestDaemon(string folder, string[] serve, bool ownsFolder, (string Name, string Value)[] environment, string[] wrapper)
    {
        _environment = environment;
        Folder = folder;
        _serve = [.. wrapper, Host.Binary, .. serve];
        _ownsFolder = ownsFolder;
        Socket = Path.Combine(folder, "run", "sessiond.sock");
        Process = StartProcess();
        Http = new HttpClient(UnixHandler(Socket)) { BaseAddress = new Uri("http://localhost/"), Timeout = Host.Patience };
    }

    /// <summary>The token that TCP asks for.</summary>
    internal const string Token = "e2e-token-0123456789";

    internal string Folder { get; }

    internal string Socket { get; }

    internal string StateDir => Path.Combine(Folder, "state");

    internal PipedProgram Process { get; private set; }

    /// <summary>Pid of the holder.</summary>
    internal int Pid => Process.Pid;

    /// <summary>Pid of the daemon below the holder; 0 while there is none.</summary>
    internal int DaemonPid => ProcessTable.Read()
        .FirstOrDefault(entry => entry.Parent == Pid && !entry.IsZombie && ProcessTable.CommandLine(entry.Pid).Contains("daemon --spec", StringComparison.Ordinal)).Pid;

    internal string Log => Process.Output.Text();

    /// <summary>Requests over the Unix socket.</summary>
    internal HttpClient Http { get; }

    /// <summary>Port of the TCP listener; 0 without one.</summary>
    internal int Port { get; private set; }

    /// <summary>Starts a daemon and waits until it listens.</summary>
    /// <param name="spec">The spec, below <c>schema = 1</c>.</param>
    /// <param name="tcp">With a TCP listener on a free port, and <see cref="Token"/>.</param>
    /// <param name="daemonKeys">More lines of <c>[daemon]</c>.</param>
    /// <param name="environment">More variables of its environment.</param>
    internal static async Task<TestDaemon> StartAsync(string spec = "", bool tcp = false, string daemonKeys = "", params (string Name, string Value)[] environment)
    {
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        string tokenFile = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(tokenFile, Token + "\n");
        string text = $"schema = 1\nworkspace = \"{folder}\"\n[daemon]\ntoken_file = \"{tokenFile}\"\n{daemonKeys}\n{spec}";
        return await StartVerbatimAsync(folder, text, tcp, null, environment);
    }

    /// <summary>Starts a daemon on a spec as it stands.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="spec">The spec.</param>
    /// <param name="tcp">With a TCP listener on a free port.</param>
    /// <param name="wrapper">A program and arguments that execute the daemon.</param>
    /// <param name="environment">More variables of its environment.</param>
    internal static async Task<TestDaemon> StartVerbatimAsync(
        string folder, string spec, bool tcp = false, string[]? wrapper = null, params (string Name, string Value)[] environment)
    {
        string file = Path.Combine(folder, "spec.toml");
        await File.WriteAllTextAsync(file, spec);
        string[] listen = tcp ? ["--listen", "127.0.0.1:0"] : [];
        string[] serve = ["serve", "--spec", file, "--socket", Path.Combine(folder, "run", "sessiond.sock"), "--state-dir", Path.Combine(folder, "state"), .. listen];
        var daemon = new TestDaemon(folder, serve, ownsFolder: true, environment, wrapper ?? []);
        await daemon.ListensAsync(tcp);
        return daemon;
    }

    /// <summary>Starts the same daemon once more in the same folder, after the first one ended.</summary>
    internal async Task StartAgainAsync()
    {
        // One that was killed listens until its last thread is gone.
        await Eventually.TrueAsync(() => !IsListening(), "nobody listens any more");
        Process = StartProcess();
        await ListensAsync(Port != 0);
    }

    /// <summary>Kills the daemon, and neither the holder nor a session. Returns its pid.</summary>
    internal async Task<int> KillDaemonAsync()
    {
        int pid = 0;
        await Eventually.TrueAsync(() => (pid = DaemonPid) != 0, "there is a daemon");
        if (ProcessTable.Find(pid) is { } entry) ProcessTable.Signal(entry, SignalNames.Kill);
        return pid;
    }

    private bool IsListening()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits until a daemon answers.</summary>
    internal Task ServesAsync() => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                // A connection to a daemon that is being replaced is used for the last time.
                using var request = new HttpRequestMessage(HttpMethod.Get, "healthz") { Headers = { ConnectionClose = true } };
                using HttpResponseMessage response = await Http.SendAsync(request);
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        "a daemon answers");

    /// <summary>Makes a session and waits until it runs.</summary>
    internal async Task<SessionObject> NewAsync(string name, string[]? argv = null, string? shell = null, int columns = 80, int rows = 24)
    {
        var body = new CreateSession
        {
            Name = name,
            Command = argv is null ? shell is null ? null : Command.FromShell(shell) : Command.FromArgv(argv),
            Size = new SizeObject(columns, rows),
        };
        using HttpResponseMessage response = await Http.PostAsync("v1/sessions", Json(JsonSerializer.Serialize(body, ApiJsonContext.Default.CreateSession)));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"POST /v1/sessions: {response.StatusCode} {text}");
        return JsonSerializer.Deserialize(text, ApiJsonContext.Default.SessionObject)!;
    }

    internal async Task<SessionObject> SessionAsync(string name) =>
        JsonSerializer.Deserialize(await Http.GetStringAsync($"v1/sessions/{name}"), ApiJsonContext.Default.SessionObject)!;

    /// <summary>A session; null while it is not made yet: those of the spec come a moment after the endpoint.</summary>
    internal async Task<SessionObject?> FindSessionAsync(string name) => (await SessionsAsync()).FirstOrDefault(session => session.Name == name);

    internal async Task<IReadOnlyList<SessionObject>> SessionsAsync() =>
        JsonSerializer.Deserialize(await Http.GetStringAsync("v1/sessions"), ApiJsonContext.Default.IReadOnlyListSessionObject)!;

    internal async Task<StatusObject> StatusAsync() =>
        JsonSerializer.Deserialize(await Http.GetStringAsync("v1/status"), ApiJsonContext.Default.StatusObject)!;

    internal Task<string> ScreenAsync(string name) => Http.GetStringAsync($"v1/sessions/{name}/screen");

    internal async Task<SessionObject> UntilStateAsync(string name, string state)
    {
        SessionObject? session = null;
        await Eventually.TrueAsync(
            async () => (session = await FindSessionAsync(name))?.State == state,
            () => $"session {name} {state}; it is {session?.State}: {session?.Reason}");
        return session!;
    }

    /// <summary>Waits until the screen of a session holds a text; returns the screen.</summary>
    internal async Task<string> UntilScreenAsync(string name, string text)
    {
        string screen = "";
        await Eventually.TrueAsync(
            async () => await FindSessionAsync(name) is not null && (screen = await ScreenAsync(name)).Contains(text, StringComparison.Ordinal), () => $"\"{text}\" on the screen of {name}:\n{screen}");
        return screen;
    }

    /// <summary>Types into a session; all of it must be taken.</summary>
    internal async Task TypeAsync(string name, byte[] bytes)
    {
        using HttpResponseMessage response = await Http.PostAsync($"v1/sessions/{name}/input", new ByteArrayContent(bytes));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {text}");
        Assert.Equal(bytes.Length, JsonSerializer.Deserialize(text, ApiJsonContext.Default.InputResult)!.Accepted);
    }

    internal Task TypeAsync(string name, string text) => TypeAsync(name, Encoding.UTF8.GetBytes(text));

    internal async Task<TerminateResult> TerminateAsync(string name)
    {
        using HttpResponseMessage response = await Http.DeleteAsync($"v1/sessions/{name}");
        return JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), ApiJsonContext.Default.TerminateResult)!;
    }

    /// <summary>Attaches in the sessiond.v1 dialect over the Unix socket.</summary>
    internal async Task<WireClient> AttachAsync(string name, string query = "", bool keepsOutput = true) =>
        await WireClient.AttachAsync(await WebSocketUpgrade.UnixAsync(Socket), $"/v1/sessions/{name}/attach?{query}", "sessiond.v1", keepsOutput);

    /// <summary>Attaches in the raw dialect over the Unix socket.</summary>
    internal async Task<WireClient> AttachRawAsync(string name, string query = "") =>
        await WireClient.AttachAsync(await WebSocketUpgrade.UnixAsync(Socket), $"/v1/sessions/{name}/attach?{query}", "raw.sessiond.v1");

    /// <summary>The environment of a command that talks to this daemon.</summary>
    internal Dictionary<string, string> Environ => Host.Environ(("SESSIOND_SOCKET", Socket));

    /// <summary>Runs a command to its end, without a terminal and with nothing to read.</summary>
    internal Task<CliResult> CliAsync(params string[] arguments) => CliAsync("", arguments);

    /// <summary>Runs a command to its end; its standard input is a file with a text.</summary>
    internal async Task<CliResult> CliAsync(string input, string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-cli-").FullName;
        string[] files = [Path.Combine(folder, "in"), Path.Combine(folder, "out"), Path.Combine(folder, "error")];
        await File.WriteAllTextAsync(files[0], input);
        string[] argv = ["/bin/sh", "-c", "i=$1 o=$2 e=$3; shift 3; exec \"$@\" <\"$i\" >\"$o\" 2>\"$e\"", "sh", .. files, Host.Binary, .. arguments];
        await using var program = PipedProgram.Start(argv, Environ, Folder);
        int code = await program.ExitCodeAsync();
        var result = new CliResult(code, await File.ReadAllTextAsync(files[1]), await File.ReadAllTextAsync(files[2]));
        Directory.Delete(folder, recursive: true);
        return result;
    }

    /// <summary>Runs a command on a terminal.</summary>
    internal PtyProgram OnTerminal(int columns, int rows, params string[] arguments) =>
        PtyProgram.Start([Host.Binary, .. arguments], Environ, columns, rows);

    internal PtyProgram OnTerminal(params string[] arguments) => OnTerminal(80, 24, arguments);

    /// <summary>A client over TCP. Without cookies; the base address is the listener's.</summary>
    internal HttpClient Tcp(string? token = Token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}/"),
            Timeout = Host.Patience,
        };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    internal static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Ends the daemon in order and leaves its folder to be looked at, until this is disposed.</summary>
    internal async Task DisposeProcessAsync() => Assert.True(await StopAsync(), $"the daemon did not end on SIGTERM within {StopPatience}");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        bool stopped = await StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"log of the daemon:\n{Log}");
        await Process.DisposeAsync();
        await EndLeftoversAsync();
        if (_ownsFolder) Directory.Delete(Folder, recursive: true);
        Assert.True(stopped, $"the daemon did not end on SIGTERM within {StopPatience}");
    }

    /// <summary>Stops the daemon in order; true when it ended in time.</summary>
    internal async Task<bool> StopAsync(bool hurry = true)
    {
        if (Process.Exit.IsCompleted) return true;
        int logged = Process.Output.Length;
        Process.Signal(SignalNames.Terminate);
        // The second one hurries: a test's end is not about anybody's grace.
        if (hurry && await Task.WhenAny(Process.Output.UntilAsync("stopping ", logged), Process.Exit) != Process.Exit) Process.Signal(SignalNames.Terminate);
        Task end = Process.EndAsync();
        return await Task.WhenAny(end, Task.Delay(StopPatience)) == end;
    }

    private PipedProgram StartProcess() => PipedProgram.Start(_serve, Host.Environ([("SESSIOND_E2E", Folder), .. _environment]), Folder);

    private async Task ListensAsync(bool tcp)
    {
        try
        {
            await Process.Output.UntilAsync($"listening on {Socket}");
            if (!tcp) return;
            const string Address = "listening on 127.0.0.1:";
            int start = await Process.Output.UntilAsync(Address);
            await Process.Output.UntilAsync("\n", start);
            string line = Process.Output.Text(start);
            Port = int.Parse(line[..line.IndexOf('\n', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends what a daemon that was killed left behind: everything that was told of our socket.</summary>
    private async Task EndLeftoversAsync()
    {
        // Also a daemon whose holder was killed: it writes in the folder until it is gone.
        List<ProcessEntry> Left() => [.. SessionsLeft.Of(this), .. ProcessTable.Read().Where(entry => !entry.IsZombie && ProcessTable.EnvironmentValue(entry.Pid, "SESSIOND_E2E") == Folder)];
        await Eventually.TrueAsync(
            () =>
            {
                List<ProcessEntry> left = Left();
                foreach (ProcessEntry entry in left) ProcessTable.Signal(entry, SignalNames.Kill);
                return left.Count == 0;
            },
            "nothing of the daemon is left");
    }

    private static SocketsHttpHandler UnixHandler(string path) => new()
    {
        UseCookies = false,
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
