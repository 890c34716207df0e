using System.Collections.Concurrent;
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
using Sessiond.Daemon.Logs;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Daemon.Transport;
using Sessiond.Holder;
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

    private readonly SpecResult _spec;
    private readonly ILogger _logger;
    private readonly EpollLoop _interactive;
    private readonly EpollLoop _bulk;
    private readonly SessionLogs _logs;
    private readonly EventHub _events;
    private readonly SessionRegistry _sessions;
    private readonly SessionServices _services;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private SessionDefinitions _definitions; // replaced once, when the environment was probed
    private readonly AutoCommits _autoCommits;
    private readonly KestrelServer _server;
    private readonly LoopTransport _transport;
    private readonly Router _router;
    private readonly Gate _gate;
    private readonly DevboxStatus _status;
    private readonly List<LoopEndPoint> _listeners;
    private readonly string _socketPath;
    private readonly HolderClient _holder;
    private readonly Handover _handover;
    private readonly DevboxRecord? _before;
    private readonly CancellationTokenSource _stopping = new();
    private DevboxRecord _kept;
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
        _spec = spec;
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
        _bulk = new EpollLoop("bulk", _logger.LoopFault);
        _logs = new SessionLogs(stateFolder is null ? null : Path.Combine(stateFolder, "logs"), spec.Spec.Logs.MaxSize);
        _sessions = new SessionRegistry(own.MaxSessions);
        _kept = _before ?? new DevboxRecord
        {
            StartedAt = TimeProvider.System.GetUtcNow(),
            Listeners = [.. _listeners.Select(listener => listener.Address)],
            SpecSessions = [],
        };
        _status = new DevboxStatus(spec, _sessions, _kept.StartedAt, [.. new[] { stateWarning, tokens.Problem }.OfType<string>()]);
        _events = new EventHub(_status.Describe);
        _environment = environment;
        _definitions = new SessionDefinitions(spec.Spec, environment, Environment.CurrentDirectory);
        _services = new SessionServices
        {
            Interactive = _interactive,
            Bulk = _bulk,
            Holder = holder,
            Scanner = new ProcessScanner(),
            Logs = _logs,
            Events = _events,
            Time = TimeProvider.System,
            Logger = _logger,
            SocketPath = _socketPath,
            OnRemove = session => _sessions!.Remove(session, _services!),
        };
        _autoCommits = new AutoCommits(
            new GitProcesses(holder),
            _bulk,
            _events,
            _logger,
            TimeProvider.System,
            new AutoCommitStateFile(Path.Combine(Path.GetDirectoryName(_socketPath)!, "auto-commit.json")),
            () => Volatile.Read(ref _definitions));
        var limit = new ConnectionLimit();
        _router = new Router(
            [
                new UpgradeRoute(UpgradeAsync).Route,
                .. new StatusRoutes(_status.Describe, _events, _stopping.Token).Routes(),
                .. new SessionRoutes(_sessions, _services, () => _definitions).Routes(),
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
        foreach (SpecError error in _spec.Errors) _logger.SpecError(error.ToString());
        foreach (string warning in _status.Warnings) _logger.StartupWarning(warning);
        if (_handover.News.Length > 0) _logger.StartupWarning(_handover.News);
        if (_before is null) _holder.Put(DevboxItem, Encode(_kept), [.. _listeners.Select(listener => listener.Socket.Fd)]);
        var adopted = new ConcurrentBag<(Session, SessionRecord, HandedItem)>();
        Parallel.ForEach(_handover.Items.Where(item => item.Id != DevboxItem), item =>
        {
            if (Prepare(item) is { } session) adopted.Add(session);
        });
        if (_handover.IsUpgrade)
        {
            _holder.Adopted(_handover.Items.Select(item => item.Id));
            await go;
        }

        DropOthers();
        Parallel.ForEach(adopted, GoOn);
        Task starting = Task.Run(StartSessionsAsync);
        await _server.StartAsync(_router, CancellationToken.None);
        foreach (LoopEndPoint listener in _listeners) _logger.Listening(listener.Address);
        await starting;
        await _autoCommits.FollowAsync(_spec.Spec.AutoCommit);
        _events.PublishDevbox();
        _ = ReleaseStartupPagesAsync();
        _ = WatchAccessAsync();
    }

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

    /// <summary>Ends every session within the grace of the spec, then the endpoint.</summary>
    /// <param name="hurry">Skips what is left of the grace.</param>
    internal async Task StopAsync(CancellationToken hurry)
    {
        _logger.Stopping(_sessions.Count);
        _status.MarkStopping();
        foreach (Session session in _sessions.All()) session.ExpectShutdown();
        TimeSpan grace = _spec.Spec.Daemon.StopGrace;
        using var graceOver = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        graceOver.CancelAfter(grace);
        // Beside the sessions' end, which may take all of the grace, and once more for what they wrote last.
        Task saved = _autoCommits.FinishAsync(graceOver.Token);
        await Task.WhenAll(_sessions.All().Select(session =>
            session.StopAsync(Min(session.Definition.StopTimeout, grace), hurry)));
        await saved;
        await _autoCommits.FinishAsync(graceOver.Token);
        _autoCommits.Forget();
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
        await _autoCommits.DisposeAsync();
        await _events.DisposeAsync();
        _interactive.Dispose();
        _bulk.Dispose();
        _logs.Dispose();
        _stopping.Dispose();
        if (!_leavesSocket) File.Delete(_socketPath);
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

    private static byte[] Encode(DevboxRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, RecordJsonContext.Default.DevboxRecord);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private KestrelServerOptions KestrelOptions()
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = 17 << 20;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        foreach (LoopEndPoint listener in _listeners) options.Listen(listener, listen => listen.Protocols = HttpProtocols.Http1);
        return options;
    }

    /// <summary>Makes a session of a daemon before us as it was left, and changes nothing yet: that daemon may have to go on.</summary>
    private (Session Session, SessionRecord Record, HandedItem Item)? Prepare(HandedItem item)
    {
        if (item.Record.IsEmpty || item.Fds.Count == 0) return null;
        SessionRecord record = JsonSerializer.Deserialize(item.Record.Span, RecordJsonContext.Default.SessionRecord)!;
        SessionDefinition definition = _definitions.FromRecord(record, _spec.BrokenSessions);
        var size = new TerminalSize(record.Columns, record.Rows);
        var session = new Session(definition, _services, item.Id, Journal.Adopt(item.Fds[0]), size, record.SpecName);
        session.Restore(record, item);
        _sessions.Adopt(session);
        return (session, record, item);
    }

    private void GoOn((Session Session, SessionRecord Record, HandedItem Item) adopted)
    {
        (Session session, SessionRecord record, HandedItem item) = adopted;
        session.GoOn(record, item);
        if (record.IsReleased) _ = _sessions.TerminateAsync(session, _services, null, CancellationToken.None);
        else if (session.WasStopping) _ = session.StopAsync(null, CancellationToken.None);
    }

    /// <summary>Probes and git of a daemon before us: nobody waits for them. Git removes its locks on SIGTERM; an interactive shell minds SIGHUP alone.</summary>
    private void DropOthers()
    {
        foreach (HandedItem item in _handover.Items.Where(item => item.Id != DevboxItem && (item.Record.IsEmpty || item.Fds.Count == 0)))
        {
            item.Run?.SignalGroup(SignalNames.Terminate);
            item.Run?.SignalGroup(SignalNames.HangUp);
            _holder.Forget(item.Id);
        }
    }

    private async Task StartSessionsAsync()
    {
        await ProbeEnvironmentAsync();
        SessionSpec[] wanted = [.. _spec.Spec.Sessions.Where(session => !_kept.SpecSessions.Contains(session.Name))];
        // Side by side: while the holder spawns one, the next is prepared.
        Parallel.ForEach(wanted, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, StartSession);
        if (wanted.Length == 0) return;
        _kept = _kept with { SpecSessions = [.. _kept.SpecSessions, .. wanted.Select(session => session.Name)] };
        _holder.Put(DevboxItem, Encode(_kept));
    }

    private async Task ProbeEnvironmentAsync()
    {
        DefaultsSpec defaults = _spec.Spec.Defaults;
        if (defaults.EnvProbe == EnvProbe.None) return;
        UserIdentity user = defaults.User is { } name ? UserDatabase.Find(name) ?? UserDatabase.Current() : UserDatabase.Current();
        var probe = new EnvironmentProbe(_holder);
        (IReadOnlyDictionary<string, string>? found, string? problem) =
            await probe.RunAsync(defaults.EnvProbe, defaults.Shell ?? user.Shell, user, _environment);
        if (problem is not null) _logger.StartupWarning(problem);
        if (found is not null) Volatile.Write(ref _definitions, new SessionDefinitions(_spec.Spec, found, Environment.CurrentDirectory));
    }

    private void StartSession(SessionSpec spec)
    {
        SessionDefinition definition = _definitions.FromSpec(spec, _spec.BrokenSessions.GetValueOrDefault(spec.Name));
        if (_sessions.TryAdd(definition, _services, spec.Name) is not { } session) return;
        if (definition.BrokenReason is { } reason) session.MarkBroken(reason);
        else if (definition.Start == SessionStart.Boot) session.Start();
        else session.MarkWaiting(definition.Start == SessionStart.Attach ? "starts when someone attaches" : "starts by hand");
    }
}
