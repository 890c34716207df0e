using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Events;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Daemon.Sessions;
using Sessiond.Hooks.AutoCommit;
using Sessiond.Hooks.Secrets;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.AutoCommit;

/// <summary>All auto-commits of the daemon: the devbox's, and one for each session with a workspace of its own that asks for it.</summary>
internal sealed class AutoCommits : IAsyncDisposable
{
    private const string Devbox = "";

    private readonly IGitProcesses _processes;
    private readonly EpollLoop _loop;
    private readonly EventHub _events;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly AutoCommitStateFile _file;
    private readonly DevboxSecrets _secrets;
    private readonly Func<SessionDefinitions> _definitions;
    private readonly Lock _gate = new(); // guards everything below
    private readonly Dictionary<string, PatchAutoCommit> _switched;
    private readonly Dictionary<string, AutoCommitUnit> _units = [];

    /// <summary>Makes the registry; nothing runs yet.</summary>
    /// <param name="processes">Runs git.</param>
    /// <param name="loop">Where inotify is read.</param>
    /// <param name="events">Told of every change.</param>
    /// <param name="logger">Takes lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="file">Keeps what was switched.</param>
    /// <param name="isFirst">No daemon was there before us in this container: what the file holds is an earlier one's.</param>
    /// <param name="secrets">What pushes get.</param>
    /// <param name="definitions">Says whom and where git runs.</param>
    internal AutoCommits(
        IGitProcesses processes,
        EpollLoop loop,
        EventHub events,
        ILogger logger,
        TimeProvider time,
        AutoCommitStateFile file,
        bool isFirst,
        DevboxSecrets secrets,
        Func<SessionDefinitions> definitions)
    {
        _secrets = secrets;
        if (isFirst) file.Delete();

        _processes = processes;
        _loop = loop;
        _events = events;
        _logger = logger;
        _time = time;
        _file = file;
        _definitions = definitions;
        _switched = file.Read();
        _units[Devbox] = new AutoCommitUnit(null, null, new AutoCommitSpec { Enabled = false });
    }

    /// <summary>The devbox's.</summary>
    internal AutoCommitUnit OfDevbox => Find(null)!;

    /// <summary>The auto-commit of a session, or of the devbox; null: the session has none.</summary>
    internal AutoCommitUnit? Find(string? session)
    {
        lock (_gate) return _units.GetValueOrDefault(session ?? Devbox);
    }

    /// <summary>Follows the spec: starts the devbox's, ends it, or makes it anew where its table, folder, user or environment is another one. At the start, and after a reload.</summary>
    /// <param name="spec">The table; null: none.</param>
    internal async Task FollowAsync(AutoCommitSpec? spec)
    {
        AutoCommitSpec wanted = spec ?? new AutoCommitSpec { Enabled = false };
        AutoCommitUnit before = OfDevbox;
        if (before.Committer is null ? before.Spec == wanted && !wanted.Enabled : before.IsFor(wanted, Plain())) return;
        var unit = new AutoCommitUnit(null, null, wanted);
        lock (_gate) _units[Devbox] = unit;
        if (before.Committer is { } old) await old.DisposeAsync();
        bool? switched;
        lock (_gate) switched = _switched.GetValueOrDefault(Devbox)?.Enabled;
        if (switched ?? wanted.Enabled) _ = CommitterOf(unit);
        _events.Publish(unit);
    }

    /// <summary>Starts the auto-commit of a session's own workspace, once that is there; or makes it anew where a restart changed the session.</summary>
    /// <param name="definition">The session.</param>
    /// <param name="folder">Its workspace.</param>
    /// <param name="spec">Its <c>auto_commit</c>.</param>
    internal async Task StartSessionAsync(SessionDefinition definition, string folder, AutoCommitSpec spec)
    {
        var unit = new AutoCommitUnit(definition.Name, definition.Owner, spec) { MadeFor = definition };
        AutoCommitUnit? before;
        lock (_gate)
        {
            before = _units.GetValueOrDefault(definition.Name);
            if (before?.IsFor(spec, definition) == true) return;
            _units[definition.Name] = unit;
        }

        if (before?.Committer is { } old) await old.DisposeAsync();
        lock (_gate)
        {
            if (ReferenceEquals(_units.GetValueOrDefault(definition.Name), unit)) unit.Committer ??= Make(unit, folder, RunnerFor(definition));
        }
    }

    /// <summary>Ends the auto-commit of a session that is terminated.</summary>
    internal async Task EndSessionAsync(string session)
    {
        AutoCommitUnit? unit;
        lock (_gate) _units.Remove(session, out unit);
        if (unit?.Committer is { } committer) await committer.DisposeAsync();
    }

    /// <summary>Switches one; it is started where nobody had asked for it.</summary>
    internal void Configure(AutoCommitUnit unit, bool? enabled, TimeSpan? interval)
    {
        // One that is switched off before anybody asked for it, or before the spec was looked at, stays off.
        AutoCommitter? committer = enabled == true || interval is not null ? CommitterOf(unit) : unit.Committer;
        committer?.Configure(enabled, interval);
        AutoCommitStatus? now = committer?.Status;
        lock (_gate)
        {
            _switched[unit.Session ?? Devbox] = new PatchAutoCommit
            {
                // What was asked for: the status may still be that of before.
                Enabled = enabled ?? now?.Enabled,
                Interval = (interval ?? now?.Interval) is { } time ? JsonSerializer.SerializeToElement(time.TotalSeconds, ApiJsonContext.Default.Double) : null,
            };
        }

        KeepSwitched();
    }

    /// <summary>A session with one has another name.</summary>
    internal void Rename(string before, string name)
    {
        bool wasSwitched;
        lock (_gate)
        {
            if (!_units.Remove(before, out AutoCommitUnit? unit)) return;
            unit.Session = name;
            _units[name] = unit;
            wasSwitched = _switched.Remove(before, out PatchAutoCommit? switched);
            if (wasSwitched) _switched[name] = switched!;
        }

        // Whoever renames holds locks.
        if (wasSwitched) _ = Task.Run(KeepSwitched);
    }

    /// <summary>The engine of one, made and started where there is none.</summary>
    internal AutoCommitter CommitterOf(AutoCommitUnit unit)
    {
        lock (_gate)
        {
            if (unit.Committer is { } present) return present;
            SessionDefinition made = unit.MadeFor ??= Plain();
            return unit.Committer = Make(unit, made.ClonePath ?? made.Cwd, RunnerFor(made));
        }
    }

    /// <summary>Saves and pushes everything, inside the grace of a stop. Once when the stop begins, and once when the sessions have ended.</summary>
    internal Task FinishAsync(CancellationToken graceOver)
    {
        AutoCommitUnit[] units;
        lock (_gate) units = [.. _units.Values];
        return Task.WhenAll(units.Select(unit => unit.Committer?.FinishAsync(graceOver) ?? Task.CompletedTask));
    }

    /// <summary>An orderly stop: what was switched at run time ends with it.</summary>
    internal void Forget() => _file.Delete();

    /// <summary>Runs git as a session's user.</summary>
    internal GitRunner RunnerFor(SessionDefinition definition) => new(_processes, definition.User, definition.Environment)
    {
        Secrets = async cancellation => _secrets.HasAny(SecretScope.Sessions)
            ? (await _secrets.FetchAsync(SecretScope.Sessions, new Dictionary<string, string>(), definition.User, cancellation)).Variables
            : SecretSet.Empty.Variables,
        Mask = _secrets.Covered,
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AutoCommitUnit[] units;
        lock (_gate)
        {
            units = [.. _units.Values];
            _units.Clear();
        }

        foreach (AutoCommitUnit unit in units)
        {
            if (unit.Committer is { } committer) await committer.DisposeAsync();
        }
    }

    private void KeepSwitched()
    {
        Dictionary<string, PatchAutoCommit> all;
        lock (_gate) all = new Dictionary<string, PatchAutoCommit>(_switched);
        try
        {
            _file.Write(all);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.AutoCommitTold($"auto-commit: what was switched will not survive a crash: {failure.Message}");
        }
    }

    /// <summary>As a session without any key of its own would run: defaults.user, the spec's environment, the app folder.</summary>
    private SessionDefinition Plain() => _definitions().FromSpec(new SessionSpec { Name = "auto-commit" }, null);

    private AutoCommitter Make(AutoCommitUnit unit, string folder, GitRunner git)
    {
        PatchAutoCommit? switched = _switched.GetValueOrDefault(unit.Session ?? Devbox);
        return AutoCommitter.Start(new AutoCommitOptions
        {
            Spec = unit.Spec with
            {
                Enabled = switched?.Enabled ?? unit.Spec.Enabled,
                Interval = switched?.Interval is { ValueKind: JsonValueKind.Number } seconds ? TimeSpan.FromSeconds(seconds.GetDouble()) : unit.Spec.Interval,
            },
            Folder = folder,
            Git = git,
            Loop = _loop,
            Time = _time,
            OnChange = () => _events.Publish(unit),
            Log = line =>
            {
                if (unit.Session is not { } session) _logger.AutoCommitTold(line);
                else _logger.SessionAutoCommitTold(session, line);
            },
        });
    }
}
