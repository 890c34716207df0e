using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Events;
using Sessiond.Daemon.Sessions;
using Sessiond.Hooks.AutoCommit;
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
    private readonly Func<SessionDefinitions> _definitions;
    private readonly Lock _gate = new(); // guards everything below
    private readonly Dictionary<string, PatchAutoCommit> _switched;
    private readonly Dictionary<string, AutoCommitUnit> _units = [];

    /// <summary>Makes the registry; nothing runs yet.</summary>
    internal AutoCommits(
        IGitProcesses processes, EpollLoop loop, EventHub events, ILogger logger, TimeProvider time, AutoCommitStateFile file, Func<SessionDefinitions> definitions)
    {
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

    /// <summary>Follows the spec: starts the devbox's, ends it, or makes it anew where its table is another one. At the start, and after a reload.</summary>
    /// <param name="spec">The table; null: none.</param>
    internal async Task FollowAsync(AutoCommitSpec? spec)
    {
        AutoCommitSpec wanted = spec ?? new AutoCommitSpec { Enabled = false };
        AutoCommitUnit before = OfDevbox;
        if (before.Spec == wanted && (before.Committer is not null || !wanted.Enabled)) return;
        var unit = new AutoCommitUnit(null, null, wanted);
        lock (_gate) _units[Devbox] = unit;
        if (before.Committer is { } old) await old.DisposeAsync();
        bool? switched;
        lock (_gate) switched = _switched.GetValueOrDefault(Devbox)?.Enabled;
        if (switched ?? wanted.Enabled) _ = CommitterOf(unit);
        _events.Publish(unit);
    }

    /// <summary>Starts the auto-commit of a session's own workspace, once that is there.</summary>
    /// <param name="definition">The session.</param>
    /// <param name="folder">Its workspace.</param>
    /// <param name="spec">Its <c>auto_commit</c>.</param>
    internal void StartSession(SessionDefinition definition, string folder, AutoCommitSpec spec)
    {
        lock (_gate)
        {
            if (_units.ContainsKey(definition.Name)) return;
            var unit = new AutoCommitUnit(definition.Name, definition.Owner, spec);
            _units[definition.Name] = unit;
            unit.Committer = Make(unit, folder, RunnerFor(definition));
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
        if (enabled != true && unit.Committer is null && interval is null) return;
        CommitterOf(unit).Configure(enabled, interval);
        Dictionary<string, PatchAutoCommit> all;
        lock (_gate)
        {
            AutoCommitStatus now = unit.Committer!.Status;
            _switched[unit.Session ?? Devbox] = new PatchAutoCommit
            {
                // What was asked for: the status may still be that of before.
                Enabled = enabled ?? now.Enabled,
                Interval = JsonSerializer.SerializeToElement((interval ?? now.Interval).TotalSeconds, ApiJsonContext.Default.Double),
            };
            all = new Dictionary<string, PatchAutoCommit>(_switched);
        }

        try
        {
            _file.Write(all);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.AutoCommitTold($"auto-commit: what was switched will not survive a crash: {failure.Message}");
        }
    }

    /// <summary>The engine of one, made and started where there is none.</summary>
    internal AutoCommitter CommitterOf(AutoCommitUnit unit)
    {
        lock (_gate)
        {
            if (unit.Committer is { } present) return present;
            // As a session without any key of its own would run: defaults.user, the spec's environment, the app folder.
            SessionDefinition plain = _definitions().FromSpec(new SessionSpec { Name = "auto-commit" }, null);
            return unit.Committer = Make(unit, plain.Cwd, RunnerFor(plain));
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
    internal GitRunner RunnerFor(SessionDefinition definition) => new(_processes, definition.User, definition.Environment);

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

    private AutoCommitter Make(AutoCommitUnit unit, string folder, GitRunner git)
    {
        string? session = unit.Session;
        PatchAutoCommit? switched = _switched.GetValueOrDefault(session ?? Devbox);
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
                if (session is null) _logger.AutoCommitTold(line);
                else _logger.SessionAutoCommitTold(session, line);
            },
        });
    }
}
