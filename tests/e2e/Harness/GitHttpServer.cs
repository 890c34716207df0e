using System.Globalization;
using System.Net;
using System.Text;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>The smart HTTP protocol of git on loopback: each request is one run of <c>git http-backend</c>, git-http-backend(1). Asks for a token.</summary>
internal sealed class GitHttpServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _root;
    private readonly Task _running;
    private volatile string _token;

    internal GitHttpServer(string root, string token)
    {
        _root = root;
        _token = token;
        Port = FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _running = Task.Run(RunAsync);
    }

    internal int Port { get; }

    /// <summary>The password that is right from now on; any user name will do.</summary>
    internal string Token
    {
        set => _token = value;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
        // Closing would bind the port once more to remove a prefix from it, which the connections of a moment ago forbid.
        _listener.Prefixes.Clear();
        _listener.Close();
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task RunAsync()
    {
        var requests = new List<Task>();
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                requests.Add(Task.Run(() => AnswerAsync(context)));
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            await Task.WhenAll(requests);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using HttpListenerResponse response = context.Response;
        string expected = context.Request.Headers["Authorization"] is { } header && header.StartsWith("Basic ", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).Split(':', 2)[^1]
            : "";
        if (expected != _token)
        {
            response.StatusCode = 401;
            response.AddHeader("WWW-Authenticate", "Basic realm=\"git\"");
            return;
        }

        (int code, byte[] output) = await BackendAsync(context.Request);
        Assert.Equal(0, code);
        // CGI: headers, an empty line, the body.
        int end = output.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (string line in Encoding.ASCII.GetString(output, 0, end).Split("\r\n"))
        {
            string[] pair = line.Split(": ", 2);
            if (pair[0] == "Status") response.StatusCode = int.Parse(pair[1].Split(' ')[0], CultureInfo.InvariantCulture);
            else if (pair[0] == "Content-Type") response.ContentType = pair[1];
            else if (pair[0] != "Content-Length") response.AddHeader(pair[0], pair[1]);
        }

        await response.OutputStream.WriteAsync(output.AsMemory(end + 4));
    }

    private async Task<(int Code, byte[] Output)> BackendAsync(HttpListenerRequest request)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        using MemoryFile input = MemoryFile.Of("body", body.ToArray()), output = MemoryFile.Create("answer"), error = MemoryFile.Create("error");
        using ChildProcess child = Host.Spawner.Spawn(new SpawnRequest
        {
            Argv = ["git", "http-backend"],
            Environment = Host.Environ(
                ("GIT_PROJECT_ROOT", _root), ("GIT_HTTP_EXPORT_ALL", "1"), ("REMOTE_USER", "user"), ("PATH_INFO", request.Url!.AbsolutePath),
                ("QUERY_STRING", request.Url.Query.TrimStart('?')), ("REQUEST_METHOD", request.HttpMethod), ("CONTENT_TYPE", request.ContentType ?? ""),
                ("CONTENT_LENGTH", body.Length.ToString(CultureInfo.InvariantCulture)), ("HTTP_CONTENT_ENCODING", request.Headers["Content-Encoding"] ?? ""),
                ("GIT_PROTOCOL", request.Headers["Git-Protocol"] ?? "")),
            WorkingFolder = _root,
            Input = input.Fd,
            Output = output.Fd,
            Error = error.Fd,
        });
        int code = (await new ExitWatch(child).Exit).ShellCode;
        return (code, output.ReadAll(64 << 20));
    }
}
