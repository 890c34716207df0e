using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Presets: a port that is picked, a server that is found ready, and what of it the spec can say otherwise.</summary>
public sealed class SessionTypeTests
{
    /// <summary>A code-server and a marimo of thirty lines: the options that the presets give, and the health answers that the real ones document.</summary>
    private const string Servers = """
        import http.server, json, os, sys
        name = os.path.basename(sys.argv[0])
        arguments = sys.argv[1:]
        if name == "code-server":
            host, port = arguments[arguments.index("--bind-addr") + 1].split(":")
            assert arguments[arguments.index("--auth") + 1] == "none", arguments
            answers = {"/healthz": {"status": "expired", "lastHeartbeat": 0}}
        else:
            assert "edit" in arguments and "--headless" in arguments and "--no-token" in arguments, arguments
            host, port = arguments[arguments.index("--host") + 1], arguments[arguments.index("--port") + 1]
            answers = {"/health": {"status": "healthy"}}
        assert port == os.environ["PORT"], port
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(answers.get(self.path, {})).encode()
                self.send_response(200 if self.path in answers else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *arguments):
                pass
        print(name, "serves", flush=True)
        http.server.HTTPServer((host, int(port)), Handler).serve_forever()
        """;

    [Theory]
    [InlineData("vscode", "code-server")]
    [InlineData("marimo", "marimo")]
    public async Task A_preset_picks_a_port_starts_its_server_and_is_ready_when_that_is_healthy(string type, string program)
    {
        Host.Require("python3");
        await using TestDaemon daemon = await TestDaemon.StartAsync($$"""
            [env]
            PATH = { prepend = ["${workspace}/bin"] }
            [hooks]
            on_create = "until [ -x bin/{{program}} ]; do sleep 0.02; done"
            [[sessions]]
            name = "editor"
            type = "{{type}}"
            primary = true
            """);
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(daemon.Folder, "bin")).FullName, program);
        await File.WriteAllTextAsync(file + ".new", "#!/usr/bin/env python3\n" + Servers);
        File.SetUnixFileMode(file + ".new", (UnixFileMode)0b111_101_101);
        File.Move(file + ".new", file);
        SessionObject editor = await daemon.UntilReadyAsync("editor");
        Assert.Equal(type, editor.Type);
        Assert.InRange(editor.Port!.Value, 1024, 65535);
        Assert.Equal($"http://127.0.0.1:{editor.Port}/", editor.Url);
        await daemon.UntilDevboxAsync("running");
        await daemon.PostAsync("v1/sessions/editor/restart");
        Assert.Equal(editor.Port, (await daemon.UntilReadyAsync("editor")).Port);
    }

    [Fact]
    public async Task I9_A_port_that_was_picked_is_the_sessions_over_a_crash()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "editor"
            type = "vscode"
            command = "echo serves on $PORT; exec cat"
            """);
        using (HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions", TestDaemon.Json("""{"name":"made","type":"marimo","command":"echo serves on $PORT; exec cat"}""")))
        {
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }

        foreach (string name in new[] { "editor", "made" }) await daemon.UntilScreenAsync(name, "serves on");
        int?[] ports = [(await daemon.SessionAsync("editor")).Port, (await daemon.SessionAsync("made")).Port];
        Assert.All(ports, port => Assert.InRange(port!.Value, 1024, 65535));
        await daemon.CrashAsync();
        Assert.Equal(ports, [(await daemon.SessionAsync("editor")).Port, (await daemon.SessionAsync("made")).Port]);
        Assert.Equal($"http://127.0.0.1:{ports[0]}/", (await daemon.SessionAsync("editor")).Url);
        // Also in the environment of the next program.
        await daemon.PostAsync("v1/sessions/made/restart");
        await daemon.ReloadAsync();
        Assert.Equal(ports[1], (await daemon.SessionAsync("made")).Port);
        Assert.False((await daemon.SessionAsync("made")).EnvStale);
    }

    [Fact]
    public async Task What_the_spec_says_itself_counts_before_the_preset()
    {
        using var server = new HealthServer();
        server.Serve(200);
        await using TestDaemon daemon = await TestDaemon.StartAsync($$"""
            [[sessions]]
            name = "editor"
            type = "vscode"
            port = {{server.Port}}
            command = "echo mine on $PORT; exec cat"
            ready = { http = "http://127.0.0.1:${port}/mine", interval = "50ms" }
            live = { tcp = "127.0.0.1:${port}" }
            """);
        await daemon.UntilReadyAsync("editor");
        await daemon.UntilScreenAsync("editor", $"mine on {server.Port}");
    }

    /// <summary>The real thing: Jupyter of the distribution, a kernel started over its API, and a cell run over the kernel's WebSocket.</summary>
    [Fact]
    public async Task Jupyter_is_ready_and_its_kernel_computes_over_the_websocket()
    {
        Host.Require("jupyter-notebook");
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "notebook"
            type = "jupyter"
            primary = true
            env = { JUPYTER_RUNTIME_DIR = "${workspace}/runtime", IPYTHONDIR = "${workspace}/ipython", JUPYTER_CONFIG_DIR = "${workspace}/config" }
            """);
        SessionObject notebook = await daemon.UntilReadyAsync("notebook");
        var cookies = new CookieContainer();
        using var handler = new SocketsHttpHandler { CookieContainer = cookies };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(notebook.Url!), Timeout = Host.Patience };
        // As a browser: the page brings the cookie against forged requests, and what changes something repeats it.
        await http.GetStringAsync("tree");
        http.DefaultRequestHeaders.Add("X-XSRFToken", cookies.GetCookies(http.BaseAddress)["_xsrf"]!.Value);
        using HttpResponseMessage made = await http.PostAsync("api/kernels", TestDaemon.Json("{}"));
        string kernel = await made.Content.ReadAsStringAsync();
        Assert.True(made.IsSuccessStatusCode, kernel);
        using JsonDocument document = JsonDocument.Parse(kernel);
        string id = document.RootElement.GetProperty("id").GetString()!;
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(Host.Patience);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{notebook.Port}/api/kernels/{id}/channels?session_id=e2e"), patience.Token);
        const string Execute = """
            {"channel":"shell","header":{"msg_id":"m1","username":"e2e","session":"e2e","msg_type":"execute_request","version":"5.3","date":""},
             "parent_header":{},"metadata":{},"content":{"code":"print('answer', 6*7)","silent":false,"store_history":false,"user_expressions":{},"allow_stdin":false,"stop_on_error":true}}
            """;
        await socket.SendAsync(Encoding.UTF8.GetBytes(Execute), WebSocketMessageType.Text, true, patience.Token);
        string received = "";
        while (!received.Contains("answer 42", StringComparison.Ordinal)) received = await ReceiveAsync(socket, patience.Token);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        await daemon.UntilDevboxAsync("running");
        TerminateResult result = await daemon.TerminateAsync("notebook");
        Assert.Empty(result.Left);
        Assert.Contains(result.Killed, process => process.Command.Contains("ipykernel", StringComparison.Ordinal));
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, cancellation);
            Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (part.EndOfMessage) return text.ToString();
        }
    }
}
