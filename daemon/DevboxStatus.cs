using System.Reflection;
using Sessiond.Daemon.Hooks;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Hooks;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon;

/// <summary>The devbox as a whole: what GET /v1/status and /readyz say.</summary>
internal sealed class DevboxStatus
{
    private readonly OwnBinary _binary = new();
    private readonly Lock _gate = new(); // guards _state … _since
    private readonly SessionRegistry _sessions;
    private readonly HookRunner _hooks;
    private readonly Activity _activity;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly Func<IReadOnlyList<string>> _warnings;
    private readonly string? _stateFolder;
    private volatile bool _isStopping;
    private Devbox? _devbox;
    private string _state = SessionStates.Initializing;
    private string? _reason;
    private IReadOnlyList<string> _degraded = [];
    private DateTimeOffset _since;

    internal DevboxStatus(
        SessionRegistry sessions, HookRunner hooks, Activity activity, TimeProvider time, DateTimeOffset startedAt, string? stateFolder, Func<IReadOnlyList<string>> warnings)
    {
        _sessions = sessions;
        _hooks = hooks;
        _activity = activity;
        _time = time;
        _startedAt = startedAt;
        _since = time.GetUtcNow();
        _stateFolder = stateFolder;
        _warnings = warnings;
    }

    /// <summary>What is not right but stopped nothing.</summary>
    internal IReadOnlyList<string> Warnings => [.. Spec.Warnings.Select(warning => warning.ToString()), .. _warnings()];

    /// <summary>Version of this binary, MAJOR.MINOR.PATCH.</summary>
    internal static string Version { get; } = Build.Split('+')[0];

    private static string Build =>
        typeof(DevboxStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    private SpecResult Spec => _devbox!.Spec;

    /// <summary>What names newer versions; null before it is known.</summary>
    internal ReleaseFeed? Feed { get; set; }

    /// <summary>Says whose status this is; before anything is asked.</summary>
    internal void Follow(Devbox devbox) => _devbox = devbox;

    internal void MarkStopping() => _isStopping = true;

    internal StatusObject Describe()
    {
        IReadOnlyList<Session> sessions = _sessions.All();
        _ = Settle(sessions);
        string state;
        string? reason;
        DateTimeOffset since;
        IReadOnlyList<string> degraded;
        lock (_gate) (state, reason, since, degraded) = (_state, _reason, _since, _degraded);
        return new StatusObject
        {
            Version = Version,
            Build = Build,
            State = state,
            Reason = reason,
            Outdated = _binary.IsOutdated || Feed is { NamesNewer: true },
            Since = since,
            Activity = _activity.Describe(Spec.Spec.Activity),
            Degraded = degraded,
            Persistent = _stateFolder is not null && MountTable.IsPersistent(_stateFolder) && MountTable.IsPersistent(_devbox!.Definitions.Workspace),
            Labels = Spec.Spec.Labels,
            ForwardPorts = Spec.Spec.ForwardPorts,
            StartedAt = _startedAt,
            Sessions = sessions.Count,
            Hooks = [.. _hooks.Hooks.Select(HookObjects.Of)],
            Warnings = _devbox!.ReloadProblem is { } problem ? [problem, .. Warnings] : Warnings,
        };
    }

    /// <summary>Looks at hooks and sessions; true when the devbox as a whole is in another state than before.</summary>
    internal bool Refresh() => Settle(_sessions.All());

    private bool Settle(IReadOnlyList<Session> sessions)
    {
        (string state, string? reason) = StateOf(sessions);
        string[] degraded = [.. sessions.Where(session => !session.Definition.Primary && session.State == SessionStates.Failed).Select(session => session.Name)];
        lock (_gate)
        {
            bool isSame = _state == state && _reason == reason && _degraded.SequenceEqual(degraded);
            if (_state != state) _since = _time.GetUtcNow();
            (_state, _reason, _degraded) = (state, reason, degraded);
            return !isSame;
        }
    }

    private (string State, string? Reason) StateOf(IReadOnlyList<Session> sessions)
    {
        if (_isStopping) return (SessionStates.Stopping, null);
        if (Spec.Errors.Count > 0) return (SessionStates.Failed, string.Join("\n", Spec.Errors));
        if (_devbox!.Secrets.Missing is { Count: > 0 } missing) return (SessionStates.Failed, string.Join("; ", missing));
        NeedState start = _hooks.StateUpTo(HookEvent.PostStart);
        if (start.IsBroken) return (SessionStates.Failed, start.Reason);
        NeedState waited = _hooks.StateUpTo(_hooks.WaitFor);
        if (!waited.IsMet) return (SessionStates.Initializing, waited.Reason);
        foreach (Session session in sessions.Where(session => session.Definition.Primary))
        {
            (string state, string? reason, bool isReady) = session.Condition;
            if (state == SessionStates.Failed) return (SessionStates.Failed, $"primary session {session.Name} failed: {reason}");
            if (!isReady) return (SessionStates.Initializing, $"waits for primary session {session.Name}, which is {state}");
        }

        return (SessionStates.Running, null);
    }
}
