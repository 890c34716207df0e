using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Access.Oidc;
using Sessiond.Daemon.Endpoint;
using Sessiond.Daemon.Endpoint.OpenApi;
using Sessiond.Daemon.Events;
using Sessiond.Daemon.Hooks;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Daemon.Logs;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Daemon.Transport;
using Sessiond.Holder;
using Sessiond.Hooks;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon;

/// <summary>The daemon put together: every part with what it depends on.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    /// <summary>How long the start's memory is kept: what people do right after a start runs on warm pages.</summary>
    private static readonly TimeSpan StartupPagesKept = TimeSpan.FromSeconds(3);

    /// <summary>What a hook left in the background is told to end, and given a moment.</summary>
    private static readonly TimeSpan LeftoverGrace = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger;
    private readonly EpollLoop _interactive;
    private readonly EpollLoop _bulk;
    private readonly SessionLogs _logs;
    private readonly EventHub _events;
    private readonly SessionRegistry _sessions;
    private readonly SessionServices _services;
    private readonly ProcessStarter _starter;
    private readonly HookRunner _hooks;
    private readonly Probes _probes;
    private readonly Devbox _devbox;
    private readonly ScreenStore _screens;
    private readonly string _life = Guid.NewGuid().ToString("N")[20..]; // names this life of the devbox in the marks of its processes
    private readonly KestrelServer _server;
    private readonly Router _router;
    private readonly Gate _gate;
    private readonly DevboxStatus _status;
    private readonly List<LoopEndPoint> _listeners;
    private readonly string _socketPath;
    private readonly CancellationTokenSource _stopping = new();

    private Daemon(ServeOptions options, SpecResult spec, ILoggerFactory logging, IReadOnlyDictionary<string, string> environment)
    {
        _logger = logging.CreateLogger("sessiond");
        DaemonSpec own = spec.Spec.Daemon;
        var admission = new Admission(spec.Spec.Defaults.User, own.AllowedUsers, own.AllowedGroups);
        _socketPath = RunFolder.SocketPath(options.SocketPath, admission);
        IEnumerable<ListenAddress> addresses = [.. own.Listen, .. Startup.Listeners.Parse(options.Listen)];
        _listeners = Startup.Listeners.Bind(_socketPath, admission, addresses, own);
        string? stateFolder = StateFolder.Find(options.StateDir, own.StateDir, out string? stateWarning);
        if (stateFolder is not null) logging.AddProvider(new LineLoggerProvider(OwnLog(stateFolder, spec.Spec.Logs), isJson: false, TimeProvider.System));
        var tokens = new TokenStore(TokenFile(spec), stateFolder is null ? null : Path.Combine(stateFolder, "tokens.json"), TimeProvider.System);
        _gate = new Gate(admission, tokens, own.Oidc is { } oidc ? new JwtVerifier(oidc, new IssuerClient().FetchAsync, TimeProvider.System, _logger) : null);
        _interactive = new EpollLoop("interactive", _logger.LoopFault);
        _bulk = new EpollLoop("bulk", _logger.LoopFault);
        _logs = new SessionLogs(stateFolder is null ? null : Path.Combine(stateFolder, "logs"), spec.Spec.Logs.MaxSize);
        _sessions = new SessionRegistry(own.MaxSessions);
        _events = new EventHub(() => _status!.Describe(), () => _status!.Refresh());
        var spawner = new Spawner(ChildReaper.Start(), Environment.ProcessPath!);
        var scanner = new ProcessScanner();
        _starter = new ProcessStarter(spawner, scanner, _bulk, TimeProvider.System);
        _probes = new Probes(_starter, TimeProvider.System, _life);
        string runFolder = Path.GetDirectoryName(_socketPath)!;
        var folders = new ManagedFolders(Path.Combine(stateFolder ?? runFolder, "workspaces"), _starter);
        var ports = new PortPicker();
        SessionDefinitions Define(IReadOnlyDictionary<string, string> variables, SpecResult of) =>
            new(of.Spec, variables, Environment.CurrentDirectory, ports, folders, _socketPath);
        _screens = new ScreenStore(stateFolder, _sessions, TimeProvider.System, _logger);
        void Forget(string session)
        {
            _screens.Forget(session);
            ports.Forget(session);
        }

        var readiness = new SessionReadiness(_sessions);
        var host = new HookHost(() => _devbox!.Definitions, readiness, _logs, _events, _logger, TimeProvider.System, _life);
        var markers = new OnceMarkers(stateFolder, Define(environment, spec).Workspace);
        _hooks = new HookRunner(_starter, markers, host, TimeProvider.System, _life);
        var activity = new Activity(_sessions, _hooks, TimeProvider.System, runFolder);
        _status = new DevboxStatus(_sessions, _hooks, activity, TimeProvider.System, stateFolder, [.. new[] { stateWarning, tokens.Problem }.OfType<string>()]);
        _services = new SessionServices
        {
            Interactive = _interactive,
            Bulk = _bulk,
            Spawner = spawner,
            Scanner = scanner,
            Support = new SessionSupport(new SessionNeeds(_hooks, readiness), readiness, markers, _probes, _starter, folders, _hooks.RunAttach, Forget),
            Logs = _logs,
            Events = _events,
            Time = TimeProvider.System,
            Logger = _logger,
            SocketPath = _socketPath,
            OnRemove = session => _sessions!.Remove(session, _services!),
        };
        _devbox = new Devbox(spec, () => SpecSource.Load(options), environment, Define, _sessions, _services, _hooks, _screens);
        _status.Follow(_devbox);
        activity.MakeFolder(spec.Spec);
        var limit = new ConnectionLimit();
        _router = new Router(
            [
                .. new StatusRoutes(_status.Describe, _events, _stopping.Token).Routes(),
                .. new HookRoutes(_hooks, host).Routes(),
                new ReloadRoute(_devbox).Route,
                .. new SessionRoutes(_sessions, _services, () => _devbox.Definitions).Routes(),
                .. new LogRoutes(_sessions).Routes(),
                new ArchiveRoute(_sessions, stateFolder).Route,
                .. new TokenRoutes(tokens).Routes(),
                new MetricsRoute(_status.Describe, _sessions).Route,
                new OpenApiRoute(() => _router!.Routes).Route,
                new AttachRoute(_sessions, limit).Route,
            ],
            new PublicRoutes(_status.Describe, _gate, new DashboardFiles(Assembly.GetEntryAssembly()!)),
            new OriginPolicy(own.AllowedOrigins, _listeners, own.Tls is null ? "http" : "https"),
            _gate,
            _logger);
        _server = new KestrelServer(
            Options.Create(KestrelOptions()), new LoopTransport(_interactive, limit, admission.Admits), logging);
    }

    /// <summary>Binds and puts together; nothing runs yet.</summary>
    /// <exception cref="IOException">A socket or folder cannot be had.</exception>
    internal static Daemon Create(
        ServeOptions options, SpecResult spec, ILoggerFactory logging, IReadOnlyDictionary<string, string> environment) =>
        new(options, spec, logging, environment);

    /// <summary>Starts the endpoint and the sessions of the spec.</summary>
    internal async Task StartAsync()
    {
        foreach (SpecError error in _devbox.Spec.Errors) _logger.SpecError(error.ToString());
        foreach (string warning in _status.Warnings) _logger.StartupWarning(warning);
        Task starting = Task.Run(_devbox.StartAsync);
        await _server.StartAsync(_router, CancellationToken.None);
        foreach (LoopEndPoint listener in _listeners) _logger.Listening(listener.Address);
        await starting;
        _events.PublishDevbox();
        _ = _screens.RunAsync(_stopping.Token);
        _ = ReleaseStartupPagesAsync();
        _ = WatchAccessAsync();
    }

    /// <summary>Reads the spec again. Any thread.</summary>
    internal void Reload() => _devbox.ReloadSoon();

    /// <summary>Ends every session within the grace of the spec, then the endpoint.</summary>
    /// <param name="hurry">Skips what is left of the grace.</param>
    internal async Task StopAsync(CancellationToken hurry)
    {
        _logger.Stopping(_sessions.Count);
        _status.MarkStopping();
        foreach (Session session in _sessions.All()) session.ExpectShutdown();
        _events.PublishDevbox();
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan grace = _devbox.Spec.Spec.Daemon.StopGrace;
        await RunStopHooksAsync(grace, hurry);
        TimeSpan Left() => grace - TimeProvider.System.GetElapsedTime(start) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
        await Task.WhenAll(_sessions.All().Select(session =>
            session.StopAsync(Min(session.Definition.StopTimeout, Left()), hurry)));
        await _screens.SaveAllAsync();
        await _starter.EndLeftAsync($"{_life}.", Min(LeftoverGrace, Left()), hurry);
        await Task.WhenAll(_sessions.All().Select(session =>
            session.CloseAttachmentsAsync(Attach.CloseCode.GoingAway, "the daemon is shutting down")));
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _server.StopAsync(patience.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        _probes.Dispose();
        _hooks.Dispose();
        await _events.DisposeAsync();
        _interactive.Dispose();
        _bulk.Dispose();
        _logs.Dispose();
        _stopping.Dispose();
        File.Delete(_socketPath);
    }

    /// <summary>The hooks before a stop have half of the grace: the sessions, which they may speak to, need the rest.</summary>
    private async Task RunStopHooksAsync(TimeSpan grace, CancellationToken hurry)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        deadline.CancelAfter(grace / 2);
        await _hooks.RunStopAsync(deadline.Token);
        await _hooks.EndAllAsync();
    }

    /// <summary>Once the start is over and whoever waited for it has attached.</summary>
    private async Task ReleaseStartupPagesAsync()
    {
        try
        {
            await Task.Delay(StartupPagesKept, TimeProvider.System, _stopping.Token);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            OwnImage.ReleaseStartupPages();
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    /// <summary>Ends what lives longer than the token that it was opened with.</summary>
    private async Task WatchAccessAsync()
    {
        using var timer = new PeriodicTimer(Gate.Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                _gate.EndExpired();
                foreach (Session session in _sessions.All()) session.CloseWhere(identity => !_gate.IsGood(identity), Attach.CloseCode.NotAuthenticated, "the token expired or was revoked");
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    /// <summary>The daemon's own log in the state folder, for GET /v1/logs.tar.gz.</summary>
    private static RotatingFile OwnLog(string stateFolder, LogsSpec logs) => new(Path.Combine(stateFolder, "daemon"), "sessiond", logs.MaxSize, logs.Keep);

    /// <summary>A relative token_file is beside the spec that names it.</summary>
    private static string? TokenFile(SpecResult spec)
    {
        string? path = spec.Spec.Daemon.TokenFile;
        return string.IsNullOrEmpty(path) || spec.Files.Count == 0 ? path : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(spec.Files[^1]))!, path);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private KestrelServerOptions KestrelOptions()
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = 17 << 20;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        foreach (LoopEndPoint listener in _listeners) options.Listen(listener, listen => listen.Protocols = HttpProtocols.Http1);
        return options;
    }
}
