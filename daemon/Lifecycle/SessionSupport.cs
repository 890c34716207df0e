using Sessiond.Daemon.AutoCommit;
using Sessiond.Daemon.Sessions;
using Sessiond.Hooks;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>What the way to a running, ready program needs beside the session itself.</summary>
/// <param name="Needs">What sessions wait for.</param>
/// <param name="Readiness">Tells others that a session is ready.</param>
/// <param name="Markers">What ran once.</param>
/// <param name="Probes">Asks whether it works.</param>
/// <param name="Folders">Folders of sessions' own.</param>
/// <param name="AutoCommits">Saves those folders.</param>
/// <param name="Secrets">What its processes get beside the environment.</param>
/// <param name="OnControllerAttached">Begins the hooks of an attach.</param>
/// <param name="OnRenamed">A session has another name: what is kept under the one before (the second) is its under the new one (the third).</param>
/// <param name="OnForgotten">A name is free again: nothing that was kept under it counts any more.</param>
internal sealed record SessionSupport(
    SessionNeeds Needs, SessionReadiness Readiness, IOnceMarkers Markers, Probes Probes, ManagedFolders Folders, AutoCommits AutoCommits, DevboxSecrets Secrets, Action OnControllerAttached, Action<Session, string, string> OnRenamed, Action<string> OnForgotten);
