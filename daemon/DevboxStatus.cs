using System.Reflection;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon;

/// <summary>The devbox as a whole: what GET /v1/status and /readyz say.</summary>
internal sealed class DevboxStatus
{
    private readonly OwnBinary _binary = new();
    private readonly SpecResult _spec;
    private readonly SessionRegistry _sessions;
    private readonly DateTimeOffset _startedAt;
    private volatile bool _isStopping;

    internal DevboxStatus(SpecResult spec, SessionRegistry sessions, DateTimeOffset startedAt, IEnumerable<string> warnings)
    {
        _spec = spec;
        _sessions = sessions;
        _startedAt = startedAt;
        Warnings = [.. spec.Warnings.Select(warning => warning.ToString()), .. warnings];
    }

    /// <summary>What is not right but stopped nothing.</summary>
    internal IReadOnlyList<string> Warnings { get; }

    /// <summary>Version of this binary, MAJOR.MINOR.PATCH.</summary>
    internal static string Version { get; } = Build.Split('+')[0];

    private static string Build =>
        typeof(DevboxStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    internal void MarkStopping() => _isStopping = true;

    internal StatusObject Describe()
    {
        IReadOnlyList<Session> sessions = _sessions.All();
        (string state, string? reason) = StateOf(sessions);
        return new StatusObject
        {
            Version = Version,
            Build = Build,
            State = state,
            Reason = reason,
            Outdated = _binary.IsOutdated,
            Degraded = [.. sessions.Where(session => !session.Definition.Primary && session.State == SessionStates.Failed).Select(session => session.Name)],
            Labels = _spec.Spec.Labels,
            StartedAt = _startedAt,
            Sessions = sessions.Count,
            Hooks = [],
            Warnings = Warnings,
        };
    }

    private (string State, string? Reason) StateOf(IReadOnlyList<Session> sessions)
    {
        if (_isStopping) return (SessionStates.Stopping, null);
        if (_spec.Errors.Count > 0) return (SessionStates.Failed, string.Join("\n", _spec.Errors));
        foreach (Session session in sessions.Where(session => session.Definition.Primary))
        {
            if (session.State == SessionStates.Failed) return (SessionStates.Failed, $"primary session {session.Name} failed");
            if (session.State != SessionStates.Running) return (SessionStates.Initializing, $"waits for primary session {session.Name}");
        }

        return (SessionStates.Running, null);
    }
}
