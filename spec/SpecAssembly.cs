using Sessiond.Spec.Decoding;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec;

/// <summary>Makes the spec of a draft: checks what keys say about each other and leaves out what is wrong.</summary>
internal sealed class SpecAssembly(Reading reading, SpecLoaderOptions options, TomlTable root)
{
    /// <summary>The whole spec.</summary>
    public DevboxSpec Assemble(SpecDraft draft)
    {
        DevboxSpec spec = draft.Spec with { Daemon = draft.Spec.Daemon with { Listen = SafeListeners(draft.Spec.Daemon) } };
        if (spec.Defaults.User is { } user) CheckUser(user, In("defaults")?.PositionOf("user") ?? default, "defaults");
        var hooks = new HookList(reading, draft);
        var sessions = draft.Sessions.ToDictionary(session => session.Spec.Name, StringComparer.Ordinal);
        foreach (SessionDraft session in draft.Sessions)
        {
            if (!CheckSession(session, spec)) Break(sessions, session);
        }

        foreach (PlannedHook hook in hooks.Items.ToList())
        {
            if (CheckHook(hook, spec)) continue;
            reading.BrokenHooks.Add(hook.Spec.Name);
            hooks.Items.Remove(hook);
        }

        new NeedsGraph(reading, hooks, sessions, draft.ShortHooks.Defaults.WaitFor).Resolve();
        return spec with
        {
            HookDefaults = draft.ShortHooks.Defaults,
            Hooks = [.. hooks.Ordered()],
            Sessions = [.. draft.Sessions.Where(session => sessions.ContainsKey(session.Spec.Name)).Select(session => sessions[session.Spec.Name].Spec)],
        };
    }

    private TomlTable? In(string key) => root.TryGet(key, out TomlTable? table) ? table : null;

    private void Break(Dictionary<string, SessionDraft> sessions, SessionDraft session)
    {
        sessions.Remove(session.Spec.Name);
        reading.BrokenSessions.TryAdd(session.Spec.Name, reading.Errors[^1].ToString());
    }

    // What others could reach without protection is not opened, whatever else is wrong.
    private ValueList<ListenAddress> SafeListeners(DaemonSpec daemon)
    {
        if (daemon.Insecure || daemon.Tls is not null) return daemon.Listen;
        var open = daemon.Listen.Where(address => !address.IsLoopback).ToList();
        foreach (ListenAddress address in open)
        {
            reading.Fail(In("daemon")?.PositionOf("listen") ?? default, $"daemon.listen: {address} can be reached from outside and needs [daemon].tls, or insecure = true behind something that has it");
        }

        return [.. daemon.Listen.Except(open)];
    }

    private bool CheckSession(SessionDraft draft, DevboxSpec spec)
    {
        SessionSpec session = draft.Spec;
        string place = $"sessions.{session.Name}";
        if (!CheckUser(session.User ?? spec.Defaults.User, draft.Table.PositionOf("user"), place, isNamed: session.User is not null)) return false;
        if (session.Port is not null || session.Type != "terminal") return true;
        string? user = new[] { session.Ready?.Probe, session.Live?.Probe }
            .SelectMany(probe => new[] { probe?.Http, probe?.Tcp })
            .FirstOrDefault(text => text is not null && Expansion.Uses(text, "port"));
        if (user is null) return true;
        reading.Fail(draft.Table.PositionOf(session.Ready is null ? "live" : "ready"), $"{place}: \"${{port}}\" is used but there is no port");
        return false;
    }

    private bool CheckHook(PlannedHook hook, DevboxSpec spec) =>
        CheckUser(hook.Spec.User ?? spec.Defaults.User, hook.Position("user"), $"hook.{hook.Spec.Name}", isNamed: hook.Spec.User is not null);

    private bool CheckUser(string? user, SourcePosition position, string place, bool isNamed = true)
    {
        if (user is null && IsDefaultUserLost())
        {
            // A default user that could not be read must not turn into the daemon's own, which may be root.
            reading.Fail(position, $"{place}: its user is not known, because [defaults] has an error");
            return false;
        }

        if (user is null || options.User is null || options.IsRoot || user == options.User) return true;

        // An inherited user is not written here: one wrong default then breaks each session with a reason of its own.
        string message = isNamed
            ? $"{place}: only root can run processes of the user \"{user}\""
            : $"{place}: only root can run processes of the user \"{user}\" that [defaults] names";
        reading.Fail(position, message);
        return false;
    }

    private bool IsDefaultUserLost()
    {
        if (root.LostKeys.Contains("defaults")) return true;
        return root.TryGet("defaults", out TomlEntry entry)
            && (entry.Value is not TomlTable defaults || defaults.LostKeys.Contains("user") || defaults.TryGet("user", out TomlEntry _));
    }
}
