using Sessiond.Daemon.Sessions;
using Sessiond.Hooks;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Whether sessions are ready, for those who need them.</summary>
internal sealed class SessionReadiness(SessionRegistry sessions)
{
    /// <summary>Changes when the readiness of a session does.</summary>
    internal ChangeSignal Changes { get; } = new();

    internal NeedState StateOf(string name)
    {
        if (sessions.Find(name) is not { } session) return NeedState.Waiting($"waits for session {name}, which is not there yet");
        (string state, string? reason, bool isReady) = session.Condition;
        if (isReady) return NeedState.Met;
        return state == SessionStates.Failed
            ? NeedState.Broken($"session {name} failed: {reason}")
            : NeedState.Waiting($"waits for session {name}, which is {state}");
    }
}
