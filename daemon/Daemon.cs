using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Access.Oidc;
using Sessiond.Daemon.AutoCommit;
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
internal sealed partial class Daemon : IAsyncDisposable
{
    /// <summary>How long the start's memory is kept: what people do right after a start runs on warm pages.</summary>
    private static readonly TimeSpan StartupPagesKept = TimeSpan.FromSeconds(3);

    /// <summary>Id at the holder of what belongs to no session.</summary>
    private const long DevboxItem = 0;

    private readonly ILogger _logger;
    private readonly EpollLoop _interactive;
    private readonly BulkLoops _bulk;
    private readonly StorageTrouble _trouble;
    private readonly SessionLogs _logs;
    private readonly EventHub _events;
    private readonly SessionRegistry _sessions;
    private readonly SessionServices _services;
    private readonly ProcessStarter _starter;
    private readonly HookRunner _hooks;
    private readonly HookHost _hookHost;
    private readonly Probes _probes;
    private readonly DevboxSecrets _secrets;
    private readonly Devbox _devbox;
    private readonly ScreenStore _screens;
    private readonly AutoCommits _autoCommits;
    private readonly KestrelServer _server;
    private readonly LoopTransport _transport;
    private readonly Router _router;
    private readonly Gate _gate;
    private readonly DevboxStatus _status;
    private readonly List<LoopEndPoint> _listeners;
    private readonly string _socketPath;
    private readonly HolderClient _holder;
    private readonly int _holderPid = Unattributed.Holder();
    private readonly Handover _handover;
    private readonly DevboxRecord? _before;
    private readonly CancellationTokenSource _stopping = new();
    private readonly DevboxKeeper _kept;
    private readonly Cgroups _cgroups;
    private volatile bool _leavesSocket;

    private Daemon(
        ServeOptions options,
        SpecResult spec,
        ILoggerFactory logging,
        IReadOnlyDictionary<string, string> environment,
        EpollLoop loop,
        HolderClient holder,
        Handover handover)
    {
        _holder = holder;
        _handover = handover;
        HandedItem? devbox = handover.Items.FirstOrDefault(item => item.Id == DevboxItem);
        _before = devbox is null ? null : JsonSerializer.Deserialize(devbox.Record.Span, RecordJsonContext.Default.DevboxRecord);
        _logger = logging.CreateLogger("sessiond");
        DaemonSpec own = spec.Spec.Daemon;
        var admission = new Admission(spec.Spec.Defaults.User, own.AllowedUsers, own.AllowedGroups);
        _socketPath = _before?.Listeners[0] ?? RunFolder.SocketPath(options.SocketPath, admission);
        IEnumerable<ListenAddress> addresses = [.. own.Listen, .. Startup.Listeners.Parse(options.Listen)];
        _listeners = _before is null ? Startup.Listeners.Bind(_socketPath, admission, addresses, own) : Startup.Listeners.Adopt(_before.Listeners, devbox!.Fds, own);
        string? stateFolder = StateFolder.Find(options.StateDir, own.StateDir, out string? stateWarning);
        if (stateFolder is not null) logging.AddProvider(new LineLoggerProvider(OwnLog(stateFolder, spec.Spec.Logs), isJson: false, TimeProvider.System));
        var tokens = new TokenStore(TokenFile(spec), stateFolder is null ? null : Path.Combine(stateFolder, "tokens.json"), TimeProvider.System);
        _gate = new Gate(admission, tokens, own.Oidc is { } oidc ? new JwtVerifier(oidc, new IssuerClient().FetchAsync, TimeProvider.System, _logger) : null);
        _interactive = loop;
        _bulk = new BulkLoops(_logger.LoopFault);
        _trouble = new StorageTrouble(_logger) { OnChanged = () => _events!.PublishDevbox() };
        _logs = new SessionLogs(
            stateFolder is null ? null : Path.Combine(stateFolder, "logs"), spec.Spec.Logs,
            (problem, lost) => _trouble.Report("logs", problem, lost == 0 ? null : $"{lost} bytes of output are missing in them"),
            waitsForMask: _before is not null);
        _sessions = new SessionRegistry(own.MaxSessions);
        string life = _before?.Life ?? Guid.NewGuid().ToString("N")[20..];
        _cgroups = Cgroups.Open(_before, life, environment, _bulk.First, _logger);
        _kept = new DevboxKeeper(_before ?? new DevboxRecord
        {
            StartedAt = TimeProvider.System.GetUtcNow(),
            Listeners = [.. _listeners.Select(listener => listener.Address)],
            SpecSessions = [],
            Life = life,
            Cgroup = _cgroups.Root,
        }, record => holder.Put(DevboxItem, record));
        if (_before is null) FollowedVariables.RemoveAll(FollowedVariables.RootOf(_socketPath));
        _events = new EventHub(
            () => _status!.Describe(), () => _status!.Refresh(), _kept.Record.EventId, id => _kept.Keep(record => record with { EventId = id }));
        var scanner = new ProcessScanner();
        _starter = new ProcessStarter(holder, _cgroups, scanner, _bulk.First, TimeProvider.System);
        _secrets = new DevboxSecrets(_starter, _logs, environment, _logger);
        _probes = new Probes(_starter, TimeProvider.System, life);
        string runFolder = Path.GetDirectoryName(_socketPath)!;
        var folders = new ManagedFolders(Path.Combine(stateFolder ?? runFolder, "workspaces"));
        var ports = new PortPicker();
        SessionDefinitions Define(IReadOnlyDictionary<string, string> variables, SpecResult of) =>
            new(of, DevboxSecrets.WithoutSecrets(variables, of.Spec), DevboxSecrets.WithoutSecrets(environment, of.Spec), OwnFolder.Path, ports, folders, _socketPath);
        _screens = new ScreenStore(stateFolder, _sessions, TimeProvider.System, _logger, _trouble);
        void Rename(Session session, string before, string name)
        {
            _screens.Forget(before);
            _autoCommits!.Rename(before, name);
            // One of the spec has its port by its name there.
            if (session.SpecName is null) ports.Rename(before, name);
        }

        void Forget(string session)
        {
            _screens.Forget(session);
            ports.Forget(session);
        }

        var readiness = new SessionReadiness(_sessions);
        _hookHost = new HookHost(
            () => _devbox!.Definitions, _secrets, readiness, _logs, _events, _logger, TimeProvider.System, life, () => _kept.Keep(record => record with { Hooks = _hooks!.Save() }));
        var markers = new OnceMarkers(stateFolder, Define(environment, spec).Workspace);
        _hooks = new HookRunner(_starter, markers, _hookHost, TimeProvider.System, life);
        var activity = new Activity(_sessions, _hooks, TimeProvider.System, runFolder);
        _status = new DevboxStatus(
            _sessions, _hooks, activity, TimeProvider.System, _kept.Record.StartedAt, stateFolder, () => [.. new[] { stateWarning, tokens.Problem, CertificateProblem }.OfType<string>(), .. _trouble.Present]);
        _autoCommits = new AutoCommits(
            new GitProcesses(holder, _cgroups),
            _bulk.First,
            _events,
            _logger,
            TimeProvider.System,
            new AutoCommitStateFile(Path.Combine(runFolder, "auto-commit.json")),
            isFirst: _before is null,
            _secrets,
            () => _devbox!.Definitions);
        _services = new SessionServices
        {
            Interactive = _interactive,
            Bulk = _bulk,
            Holder = holder,
            Scanner = scanner,
            Cgroups = _cgroups,
            Support = new SessionSupport(
                new SessionNeeds(_hooks, readiness), readiness, markers, _probes, folders, _autoCommits, _secrets, _hooks.RunAttach, Rename, Forget),
            Logs = _logs,
            Events = _events,
            Time = TimeProvider.System,
            Logger = _logger,
            SocketPath = _socketPath,
            OnRemove = session => _sessions!.Remove(session, _services!),
        };
        _devbox = new Devbox(
            spec, () => LoadSpec(options), environment, Define, _sessions, _services, _hooks, _screens, _kept, isFirst: _before is null, _autoCommits);
        _status.Follow(_devbox);
        activity.MakeFolder(spec.Spec);
        var limit = new ConnectionLimit();
        _router = new Router(
            [
                new UpgradeRoute(UpgradeAsync).Route,
                .. new StatusRoutes(_status.Describe, _events, _stopping.Token).Routes(),
                .. new HookRoutes(_hooks, _hookHost).Routes(),
                new ReloadRoute(_devbox).Route,
                .. new SessionRoutes(_sessions, _services, cancellation => _devbox.DefinitionsAsync(cancellation)).Routes(),
                .. new LogRoutes(_sessions).Routes(),
                .. new AutoCommitRoutes(_autoCommits, _sessions).Routes(),
                new ArchiveRoute(_sessions, stateFolder).Route,
                .. new TokenRoutes(tokens).Routes(),
                new MetricsRoute(_status.Describe, _sessions).Route,
                new OpenApiRoute(() => _router!.Routes).Route,
                new AttachRoute(_sessions, limit).Route,
                new WaitRoute(_sessions, TimeProvider.System, _stopping.Token).Route,
            ],
            new PublicRoutes(_status.Describe, _gate, new DashboardFiles(Assembly.GetEntryAssembly()!)),
            new OriginPolicy(own.AllowedOrigins, _listeners, own.Tls is null ? "http" : "https"),
            _gate,
            _logger);
        _transport = new LoopTransport(_interactive, limit, admission.Admits);
        _server = new KestrelServer(Options.Create(KestrelOptions()), _transport, logging);
    }

    /// <summary>Binds and puts together; nothing runs yet.</summary>
    /// <exception cref="IOException">A socket or folder cannot be had.</exception>
    internal static Daemon Create(
        ServeOptions options,
        SpecResult spec,
        ILoggerFactory logging,
        IReadOnlyDictionary<string, string> environment,
        EpollLoop loop,
        HolderClient holder,
        Handover handover) => new(options, spec, logging, environment, loop, holder, handover);

    /// <summary>Starts the endpoint and the sessions of the spec.</summary>
    /// <param name="go">Completes when the daemon before us has stopped and everything is ours.</param>
    internal async Task StartAsync(Task go)
    {
        foreach (SpecError error in _devbox.Spec.Errors) _logger.SpecError(error.ToString());
        foreach (string warning in _status.Warnings) _logger.StartupWarning(warning);
        if (_handover.News.Length > 0) _logger.StartupWarning(_handover.News);
        if (_before is null) _holder.Put(DevboxItem, _kept.Encode(), [.. _listeners.Select(listener => listener.Socket.Fd), .. _cgroups.RootLock is { } held ? new[] { held } : []]);
        Adoption adoption = Adoption.Of(_handover.Items.Where(item => item.Id != DevboxItem));
        adoption.Prepare(_devbox, _sessions, _services);
        if (_handover.IsUpgrade)
        {
            _holder.Adopted(_handover.Items.Select(item => item.Id));
            await go;
        }

        // What hooks and sessions of a daemon before us wait for must be known before they go on.
        _starter.Expect(adoption.Processes);
        if (_before is not null) _ = Task.Run(() => _secrets.CoverEarlierAsync(_devbox.Spec.Spec, _devbox.Definitions.Workspace, adoption.Secrets));
        _devbox.GoOn();
        adoption.GoOn(_sessions, _services);
        _starter.FollowRest(_hookHost.OnOutput);
        Task starting = Task.Run(_devbox.StartAsync);
        await _server.StartAsync(_router, CancellationToken.None);
        foreach (LoopEndPoint listener in _listeners) _logger.Listening(listener.Address);
        await starting;
        await _autoCommits.FollowAsync(_devbox.Spec.Spec.AutoCommit);
        _events.PublishDevbox();
        _ = SaveScreensAsync();
        _ = new MissedMarkers(_services.Support.Markers, _hooks, _trouble).RunAsync(TimeProvider.System, _stopping.Token);
        _ = ReleaseStartupPagesAsync();
        _ = WatchAccessAsync();
        _status.Feed = new ReleaseFeed(() => _devbox.Spec.Spec.Release.Feed, DevboxStatus.Version, new IssuerClient().FetchAsync);
        _ = _status.Feed.RunAsync(_events.PublishDevbox, TimeProvider.System, _stopping.Token);
        _ = QuietCollection.RunAsync(TimeProvider.System, _stopping.Token);
    }

    /// <summary>Reads the spec again. Any thread.</summary>
    internal void Reload() => _devbox.ReloadSoon();

    /// <summary>
    /// The holder is gone: nothing is accepted from here on, so that another one can take the socket's place while we end what it left behind.
    /// </summary>
    internal void LeaveSocket()
    {
        _leavesSocket = true;
        _interactive.Post(() =>
        {
            foreach (LoopEndPoint listener in _listeners) listener.Socket.Dispose();
        });
    }

    private async Task SaveScreensAsync()
    {
        await _logs.MaskIsKnown;
        await _screens.RunAsync(_stopping.Token);
    }

    /// <summary>Once the start is over and whoever waited for it has attached.</summary>
    private async Task ReleaseStartupPagesAsync()
    {
        try
        {
            await Task.Delay(StartupPagesKept, TimeProvider.System, _stopping.Token);
            OwnImage.ReleaseStartupPages();
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    private IEnumerable<ServerCertificate> Certificates => _listeners.Select(listener => listener.Tls).OfType<ServerCertificate>().Distinct();

    private string? CertificateProblem => Certificates.Select(certificate => certificate.Problem).FirstOrDefault(problem => problem is not null);

    private void LoadCertificates()
    {
        foreach (ServerCertificate certificate in Certificates) certificate.Load();
    }

    private SpecResult LoadSpec(ServeOptions options)
    {
        LoadCertificates();
        return SpecSource.Load(options);
    }

    /// <summary>Ends what lives longer than the token that it was opened with, and looks for a certificate that was not to be had.</summary>
    private async Task WatchAccessAsync()
    {
        using var timer = new PeriodicTimer(Gate.Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                _gate.EndExpired();
                // Whoever rotates them puts one file there after the other.
                if (CertificateProblem is not null) LoadCertificates();
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

    private KestrelServerOptions KestrelOptions()
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = 17 << 20;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        foreach (LoopEndPoint listener in _listeners) options.Listen(listener, listen => listen.Protocols = HttpProtocols.Http1);
        return options;
    }
}
