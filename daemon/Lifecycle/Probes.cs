using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using Sessiond.Daemon.Sessions;
using Sessiond.Hooks;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Asks sessions whether they work: by HTTP, TCP or a command.</summary>
internal sealed class Probes : IDisposable
{
    private readonly IProcessStarter _starter;
    private readonly TimeProvider _time;
    private readonly string _life;
    private readonly Lazy<HttpClient> _http = new(MakeClient);
    private long _runs;

    internal Probes(IProcessStarter starter, TimeProvider time, string life)
    {
        _starter = starter;
        _time = time;
        _life = life;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_http.IsValueCreated) _http.Value.Dispose();
    }

    /// <summary>Asks once.</summary>
    /// <param name="probe">How; not by text.</param>
    /// <param name="definition">The session.</param>
    /// <param name="limit">Longest time of the try.</param>
    /// <param name="cancellation">The session's program ended.</param>
    /// <returns>Null: it works; else what is wrong, for a person.</returns>
    internal async Task<string?> AskAsync(Probe probe, SessionDefinition definition, TimeSpan limit, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            if (probe.Http is { } url) return await AskHttpAsync(url, either.Token);
            if (probe.Tcp is { } endpoint) return await AskTcpAsync(endpoint, either.Token);
            return await AskCommandAsync(probe.Exec!, definition, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.###} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException)
        {
            return exception.Message;
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "The question is whether something answers here, and not who it is: a development server has a certificate of its own making.")]
    private static HttpClient MakeClient()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromSeconds(30),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private async Task<string?> AskHttpAsync(string url, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _http.Value.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellation);
        int status = (int)response.StatusCode;
        return status is >= 200 and < 400 ? null : $"status {status}";
    }

    private static async Task<string?> AskTcpAsync(string endpoint, CancellationToken cancellation)
    {
        int colon = endpoint.LastIndexOf(':');
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint[..colon].Trim('[', ']'), int.Parse(endpoint.AsSpan(colon + 1), CultureInfo.InvariantCulture), cancellation);
        return null;
    }

    private async Task<string?> AskCommandAsync(Spec.Api.Command command, SessionDefinition definition, CancellationToken cancellation)
    {
        UserIdentity user = definition.ProbeUser;
        IStartedProcess process = _starter.Start(
            new ProcessRequest
            {
                Key = $"{_life}.probe.{Interlocked.Increment(ref _runs).ToString(CultureInfo.InvariantCulture)}",
                Argv = command.ToArgv(),
                Environment = new Dictionary<string, string>(definition.Environment) { ["HOME"] = user.Home, ["USER"] = user.Name, ["LOGNAME"] = user.Name },
                WorkingFolder = definition.Cwd,
                User = user,
            },
            static _ => { });
        try
        {
            ExitStatus status = await process.Ended.WaitAsync(cancellation);
            return status.ShellCode == 0 ? null : status.ToString();
        }
        finally
        {
            // A probe that hangs, and what it may have put into the background, must not pile up over a day of asking.
            if (!process.Ended.IsCompleted) await process.EndAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }
}
