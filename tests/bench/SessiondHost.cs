using System.Net.Sockets;
using System.Text;
using Sessiond.Pty;

namespace Sessiond.Bench;

/// <summary>The binary under test: a daemon of its own in a folder of its own.</summary>
internal sealed class SessiondHost : IHost
{
    /// <summary>Longer than the grace that a session is given to end.</summary>
    private const int StopLimitMilliseconds = 30_000;

    private readonly Launcher _launcher;
    private readonly PtyWatcher _daemon;
    private readonly HttpClient _http;
    private readonly string _folder;
    private readonly string _binary;
    private readonly Thread _drain;

    private SessiondHost(Launcher launcher, string binary, string folder, PtyWatcher daemon)
    {
        _launcher = launcher;
        _binary = binary;
        _folder = folder;
        _daemon = daemon;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://localhost/") };
        // Its log must not fill the pty, or the daemon would wait for the harness.
        _drain = new Thread(() => Drain(daemon)) { IsBackground = true };
        _drain.Start();
    }

    public Column Column => Column.Sessiond;

    public bool KeepsScreen => true;

    internal string SocketPath => Path.Combine(_folder, "s");

    internal int Pid => _daemon.Pid;

    /// <summary>Spawns the daemon; does not wait for anything.</summary>
    internal static SessiondHost Launch(Launcher launcher, string binary, string spec)
    {
        string folder = Directory.CreateTempSubdirectory("bench-").FullName;
        File.WriteAllText(Path.Combine(folder, "spec.toml"), "schema = 1\n" + spec);
        PtyWatcher daemon = launcher.Launch(
            binary, "serve", "--spec", Path.Combine(folder, "spec.toml"), "--socket", Path.Combine(folder, "s"), "--state-dir", Path.Combine(folder, "state"));
        return new SessiondHost(launcher, binary, folder, daemon);
    }

    /// <summary>Waits until the endpoint answers.</summary>
    internal SessiondHost Ready()
    {
        long deadline = Environment.TickCount64 + 20_000;
        while (!File.Exists(SocketPath) || Get("healthz") is null)
        {
            if (Environment.TickCount64 > deadline) throw new IOException("the daemon does not answer");
            Thread.Sleep(1);
        }

        return this;
    }

    /// <summary>The body of a GET; null when the daemon does not answer yet.</summary>
    internal string? Get(string path)
    {
        try
        {
            using HttpResponseMessage response = _http.Send(new HttpRequestMessage(HttpMethod.Get, path));
            using var reader = new StreamReader(response.Content.ReadAsStream());
            return reader.ReadToEnd();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public void Start(string session, params string[] argv)
    {
        string command = string.Join(", ", argv.Select(Quote));
        Send(HttpMethod.Post, "v1/sessions", $$"""{"name": {{Quote(session)}}, "command": [{{command}}]}""");
    }

    public IWatcher Attach(string session) => Connect(session, "scrollback=0", protocol: null);

    /// <summary>Opens the attach WebSocket.</summary>
    internal WebSocketWatcher Connect(string session, string query, string? protocol) =>
        WebSocketWatcher.Connect(SocketPath, $"/v1/sessions/{session}/attach?{query}", protocol);

    /// <summary>Starts the command-line client on a pty of the harness.</summary>
    internal PtyWatcher AttachProcess(string session) => Client("attach", session, "--scrollback", "0");

    /// <summary>Runs a verb of the command line.</summary>
    internal PtyWatcher Client(params string[] arguments) => _launcher.Launch([_binary, "--socket", SocketPath, .. arguments]);

    public void End(string session) => Send(HttpMethod.Delete, $"v1/sessions/{session}?force=1", null);

    public double CpuSeconds() => Pids().Sum(ProcessFigures.CpuSeconds);

    /// <summary>The holder, and the daemon below it: the parts of one sessiond.</summary>
    internal IEnumerable<int> Pids() => [Pid, .. ProcessFigures.Children(Pid).Where(child => ProcessFigures.CommandLine(child).Contains("\0daemon\0", StringComparison.Ordinal))];

    public void Dispose()
    {
        _http.Dispose();
        _daemon.Signal(SignalNames.Terminate);
        if (!_daemon.HasEnded(StopLimitMilliseconds)) Console.Error.WriteLine("warning: the daemon did not stop in time and is killed");
        _daemon.Kill();
        _drain.Join();
        _daemon.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Send(HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = _http.Send(request);
        if (response.IsSuccessStatusCode) return;
        using var reader = new StreamReader(response.Content.ReadAsStream());
        throw new IOException($"{method} {path}: {(int)response.StatusCode} {reader.ReadToEnd()}");
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static void Drain(PtyWatcher watcher)
    {
        while (!watcher.Read().IsEmpty)
        {
        }
    }
}
