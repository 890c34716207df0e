using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.AutoCommit;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Hooks;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>What the spec asks for, and its way into hooks and sessions: at the start, and again at a reload.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing to dispose.")]
internal sealed class Devbox
{
    private readonly Func<SpecResult> _load;
    private readonly Func<IReadOnlyDictionary<string, string>, SpecResult, SessionDefinitions> _define;
    private readonly SessionRegistry _sessions;
    private readonly SessionServices _services;
    private readonly HookRunner _hooks;
    private readonly ScreenStore _screens;
    private readonly DevboxKeeper _kept;
    private readonly bool _isFirst;
    private readonly AutoCommits _autoCommits;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _reloading = new(1);
    private SpecResult _spec;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private SessionDefinitions _definitions;
    private readonly TaskCompletionSource _probed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a devbox in which nothing runs yet.</summary>
    /// <param name="spec">The spec at the start.</param>
    /// <param name="load">Reads it again.</param>
    /// <param name="environment">The daemon's own environment.</param>
    /// <param name="define">Makes definitions of an environment and a spec.</param>
    /// <param name="sessions">All sessions.</param>
    /// <param name="services">What they need.</param>
    /// <param name="hooks">Runs hooks.</param>
    /// <param name="screens">What an earlier container left.</param>
    /// <param name="kept">What the next daemon must know.</param>
    /// <param name="isFirst">No daemon was there before us in this container.</param>
    /// <param name="autoCommits">Follow the spec.</param>
    internal Devbox(
        SpecResult spec,
        Func<SpecResult> load,
        IReadOnlyDictionary<string, string> environment,
        Func<IReadOnlyDictionary<string, string>, SpecResult, SessionDefinitions> define,
        SessionRegistry sessions,
        SessionServices services,
        HookRunner hooks,
        ScreenStore screens,
        DevboxKeeper kept,
        bool isFirst,
        AutoCommits autoCommits)
    {
        _spec = spec;
        _load = load;
        _environment = environment;
        _define = define;
        _definitions = define(environment, spec);
        _sessions = sessions;
        _services = services;
        _hooks = hooks;
        _screens = screens;
        _kept = kept;
        _isFirst = isFirst;
        _autoCommits = autoCommits;
        _logger = services.Logger;
    }

    /// <summary>The spec that counts. Any thread.</summary>
    internal SpecResult Spec => Volatile.Read(ref _spec);

    /// <summary>Makes definitions by that spec. Any thread.</summary>
    internal SessionDefinitions Definitions => Volatile.Read(ref _definitions);

    /// <summary>The same for what is asked for while the environment is not known yet: waits for it. Any thread.</summary>
    internal async Task<SessionDefinitions> DefinitionsAsync(CancellationToken cancellation)
    {
        await _probed.Task.WaitAsync(cancellation);
        return Definitions;
    }

    /// <summary>Why the last reload was refused; null when it was not.</summary>
    internal string? ReloadProblem { get; private set; }

    /// <summary>What processes get beside the environment.</summary>
    internal DevboxSecrets Secrets => _services.Support.Secrets;

    /// <summary>Goes on with the hooks where a daemon before us ended, with the secrets that they and the sessions get. Before the sessions, which wait for them.</summary>
    internal void GoOn()
    {
        Secrets.Take(Spec, Definitions.Workspace);
        LoadHooks(Spec);
        if (_kept.Record.Hooks is { } saved) _hooks.Restore(saved);
    }

    /// <summary>Probes the environment, then begins the hooks and the sessions.</summary>
    internal async Task StartAsync()
    {
        await ProbeEnvironmentAsync();
        _probed.SetResult();
        SpecResult spec = Spec;
        await Secrets.FollowAsync(spec, Definitions.Workspace);
        // What an earlier container had; what an earlier daemon in this one had is here already.
        Dictionary<string, (SavedSession Record, byte[] Screen)> saved = _isFirst ? _screens.Load().ToDictionary(item => item.Record.Name) : [];
        // One that was terminated since is not made again by a mere crash.
        SessionSpec[] wanted = [.. spec.Spec.Sessions.Where(session => !_kept.Record.SpecSessions.Contains(session.Name))];
        // Side by side: while the holder spawns one, the next is prepared.
        Parallel.ForEach(wanted, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, session => Make(session, saved));
        MakeBroken(spec);
        RestoreOthers(saved.Values);
        KeepMade(wanted.Select(session => session.Name));
        _hooks.RunStart();
    }

    /// <summary>
    /// Reads the spec again. New sessions are made, changed ones are outdated until a restart, those that are named no more stay; no program ends. A spec with
    /// an error changes nothing.
    /// </summary>
    /// <returns>What it came to; null with the errors when the spec is wrong.</returns>
    internal async Task<(ReloadResult? Result, IReadOnlyList<SpecError> Errors)> ReloadAsync()
    {
        await _reloading.WaitAsync();
        try
        {
            SpecResult spec = _load();
            if (spec.Errors.Count > 0)
            {
                ReloadProblem = $"the reload at {_services.Time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} was refused: {string.Join("; ", spec.Errors)}";
                _logger.ReloadRefused(string.Join("\n", spec.Errors));
                _services.Events.PublishDevbox();
                return (null, spec.Errors);
            }

            ReloadProblem = null;
            return (await ApplyAsync(spec), []);
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>Reads the spec again because of a signal: nobody waits for the answer.</summary>
    internal void ReloadSoon() => _ = Task.Run(async () =>
    {
        try
        {
            await ReloadAsync();
        }
        catch (Exception exception)
        {
            _logger.LoopFault(exception);
        }
    });

    private async Task<ReloadResult> ApplyAsync(SpecResult spec)
    {
        SpecResult before = Spec;
        Volatile.Write(ref _spec, spec);
        await ProbeEnvironmentAsync();
        await Secrets.FollowAsync(spec, Definitions.Workspace);
        LoadHooks(spec);
        bool isSameForAll = before.Spec.Defaults == spec.Spec.Defaults && before.Spec.Workspace == spec.Spec.Workspace && before.Spec.AppDir == spec.Spec.AppDir;
        Dictionary<string, SessionSpec> old = before.Spec.Sessions.ToDictionary(session => session.Name);
        var created = new List<string>();
        var outdated = new List<string>();
        foreach (SessionSpec session in spec.Spec.Sessions)
        {
            if (Present(session.Name) is not { } present)
            {
                if (Make(session, [])) created.Add(session.Name);
                continue;
            }

            if (present.Definition.BrokenReason is not null)
            {
                Mend(present, session);
                created.Add(session.Name);
                continue;
            }

            bool isSame = isSameForAll && old.TryGetValue(session.Name, out SessionSpec? known) && known == session;
            SessionDefinition definition = Definitions.FromSpec(session, null);
            bool isSameEnvironment = IsSame(definition.Environment, present.Definition.Environment);
            if (isSame && isSameEnvironment) continue;
            present.Redefine(definition, isOutdated: !isSame, isEnvironmentStale: !isSameEnvironment);
            if (!isSame) outdated.Add(session.Name);
        }

        RedefineOthers();
        await Task.WhenAll(_sessions.All().Select(session => session.CompareSecretsAsync()));
        List<string> removed = Disown(spec);
        KeepMade(created);
        await _autoCommits.FollowAsync(spec.Spec.AutoCommit);
        // What failed under the old spec gets its chance under the new one.
        _hooks.RunStart(retryFailed: true);
        _services.Events.PublishDevbox();
        _logger.Reloaded(created.Count, outdated.Count, removed.Count);
        return new ReloadResult(created, outdated, removed, [.. spec.Warnings.Select(warning => warning.ToString()), .. NeedsRestart(before.Spec, spec.Spec)]);
    }

    /// <summary>What of a new spec counts for the next daemon only.</summary>
    private static IEnumerable<string> NeedsRestart(DevboxSpec before, DevboxSpec now)
    {
        if (before.Daemon != now.Daemon) yield return "[daemon] changed: that takes a restart of the daemon";
        if (before.Logs with { MaskSecrets = now.Logs.MaskSecrets } != now.Logs) yield return "[logs] changed: that takes a restart of the daemon";
    }

    /// <summary>Sessions of the API take the spec's environment too.</summary>
    private void RedefineOthers()
    {
        foreach (Session session in _sessions.All())
        {
            SessionDefinition present = session.Definition;
            if (present.Request is not { } request) continue;
            try
            {
                SessionDefinition definition = Definitions.FromRequest(request, session.Name, present.Owner, present.FolderName) with { Labels = present.Labels };
                if (!IsSame(definition.Environment, present.Environment)) session.Redefine(definition, isOutdated: false, isEnvironmentStale: true);
            }
            catch (Endpoint.RequestException exception)
            {
                _logger.StartupWarning($"session {session.Name} stays as it was made: {exception.Message}");
            }
        }
    }

    private static bool IsSame(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    private List<string> Disown(SpecResult spec)
    {
        HashSet<string> named = [.. spec.Spec.Sessions.Select(session => session.Name)];
        var removed = new List<string>();
        foreach (Session session in _sessions.All())
        {
            if (session.Definition.Source != SessionDefinition.FromTheSpec || named.Contains(session.SpecName ?? session.Name)) continue;
            session.Disown();
            removed.Add(session.Name);
        }

        return removed;
    }

    /// <summary>The session that was made of a name in the spec, whatever it is called since.</summary>
    private Session? Present(string specName) =>
        _sessions.All().FirstOrDefault(session => session.SpecName == specName) ?? _sessions.Find(specName);

    private void KeepMade(IEnumerable<string> names)
    {
        string[] made = [.. names];
        if (made.Length > 0) _kept.Keep(record => record with { SpecSessions = [.. record.SpecSessions.Union(made)] });
    }

    private void LoadHooks(SpecResult spec) => _hooks.Load(
        spec.Spec.Hooks, spec.BrokenHooks.ToDictionary(name => name, _ => "see the errors of the spec"), spec.Spec.HookDefaults.WaitFor);

    private async Task ProbeEnvironmentAsync()
    {
        SpecResult spec = Spec;
        DefaultsSpec defaults = spec.Spec.Defaults;
        IReadOnlyDictionary<string, string> environment = _environment;
        if (defaults.EnvProbe != EnvProbe.None)
        {
            UserIdentity user = defaults.User is { } name ? UserDatabase.Find(name) ?? UserDatabase.Current() : UserDatabase.Current();
            var probe = new EnvironmentProbe(_services.Holder, _services.Cgroups);
            (IReadOnlyDictionary<string, string>? found, string? problem) =
                await probe.RunAsync(defaults.EnvProbe, defaults.Shell ?? user.Shell, user, _environment);
            if (problem is not null) _logger.StartupWarning(problem);
            environment = found ?? environment;
        }

        Volatile.Write(ref _definitions, _define(environment, spec));
    }

    /// <summary>Makes a session of the spec, and starts it where it starts by itself; false when there is one of its name.</summary>
    private bool Make(SessionSpec spec, Dictionary<string, (SavedSession Record, byte[] Screen)> saved)
    {
        SessionDefinition definition = Definitions.FromSpec(spec, null);
        bool isRestored = saved.TryGetValue(spec.Name, out (SavedSession Record, byte[] Screen) kept);
        if (isRestored) definition = definition with { Columns = kept.Record.Columns, Rows = kept.Record.Rows };
        if (_sessions.TryAdd(definition, _services, spec.Name) is not { } session) return false;
        if (isRestored) session.Restore(kept.Record, kept.Screen, startsAgain: definition.Start == SessionStart.Boot && definition.BrokenReason is null);
        if (definition.BrokenReason is { } reason) session.MarkBroken(reason);
        else if (definition.Start == SessionStart.Boot) session.Start();
        else if (!isRestored) session.MarkWaiting(WhenItStarts(definition));
        return true;
    }

    /// <summary>Sessions of the API that an earlier container had: stopped, with their screens, to be started by hand.</summary>
    private void RestoreOthers(IEnumerable<(SavedSession Record, byte[] Screen)> saved)
    {
        foreach ((SavedSession record, byte[] screen) in saved)
        {
            if (record.Request is not { } text || _sessions.Find(record.Name) is not null) continue;
            try
            {
                byte[] body = System.Text.Encoding.UTF8.GetBytes(text);
                CreateSession request = Endpoint.Exchange.ParseJson(body, ApiJsonContext.Default.CreateSession) with { Body = body };
                // The daemon's own user had all rights when it made one.
                var owner = new Access.Identity(record.Owner ?? "", record.Owner == UserDatabase.Current().Name ? Access.Scope.Admin : Access.Scope.Manage);
                SessionDefinition definition = Definitions.FromRequest(request, record.Name, owner, record.FolderName) with
                {
                    Owner = record.Owner,
                    Columns = record.Columns,
                    Rows = record.Rows,
                };
                _sessions.TryAdd(definition, _services)?.Restore(record, screen, startsAgain: false);
            }
            catch (Exception exception) when (exception is Endpoint.RequestException or SessionLimitException)
            {
                _logger.StartupWarning($"session {record.Name} of an earlier container is left out: {exception.Message}");
            }
        }
    }

    /// <summary>A session whose part of the spec was wrong and is right now begins as a new one does.</summary>
    private void Mend(Session session, SessionSpec spec)
    {
        SessionDefinition definition = Definitions.FromSpec(spec, null);
        session.Redefine(definition, isOutdated: true, isEnvironmentStale: false);
        if (definition.BrokenReason is { } reason) session.MarkBroken(reason);
        else if (definition.Start == SessionStart.Boot) session.Start();
        else session.MarkWaiting(WhenItStarts(definition));
    }

    private static string WhenItStarts(SessionDefinition definition) =>
        definition.Start == SessionStart.Attach ? "starts when someone attaches" : "starts by hand";

    /// <summary>A session with an error in the spec is listed, so that the error is seen where the session is looked for.</summary>
    private void MakeBroken(SpecResult spec)
    {
        foreach ((string name, string reason) in spec.BrokenSessions)
        {
            SessionDefinition definition = Definitions.FromSpec(new SessionSpec { Name = name }, reason);
            if (_sessions.TryAdd(definition, _services, name) is { } session) session.MarkBroken(reason);
        }
    }
}
