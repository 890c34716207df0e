using Sessiond.Spec.Decoding;
using Sessiond.Spec.Keys;

namespace Sessiond.Spec;

/// <summary>Who waits for whom: finds needs that do not exist, circles, and the order of hooks.</summary>
/// <remarks>
/// Nodes are sessions, hooks and events. An event is done when its hooks and the event before it are; a hook waits for the
/// event before its own and for what it needs; a session for what it needs, or for <c>wait_for</c>.
/// </remarks>
internal sealed class NeedsGraph(Reading reading, HookList hooks, Dictionary<string, SessionDraft> sessions, HookEvent waitFor)
{
    /// <summary>Members of a circle that a message names; one line must stay readable.</summary>
    private const int MaxShown = 8;

    private readonly Dictionary<string, List<string>> _edges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlannedHook> _hooks = new(StringComparer.Ordinal);

    /// <summary>Reports and removes what cannot work; resolves names; gives every hook its stage.</summary>
    public void Resolve()
    {
        foreach (PlannedHook hook in hooks.Items.ToList()) ResolveHook(hook);
        foreach (SessionDraft session in sessions.Values.ToList()) ResolveSession(session);
        Connect();
        var walk = new CircleSearch(_edges);
        foreach (IReadOnlyList<string> circle in walk.Circles) BreakCircle(circle);
        AssignStages(walk.FinishOrder);
    }

    private static string Node(Need need) => need.Kind switch
    {
        NeedKind.Event => "event:" + need.Name,
        NeedKind.Hook => "hook:" + need.Name,
        _ => "session:" + need.Name,
    };

    private static string Node(HookEvent value) => "event:" + HookKeys.NameOf(value);

    private void ResolveHook(PlannedHook hook)
    {
        if (TryResolve(hook.Spec.Needs, hook.Spec.Event, hook.Position("needs"), out ValueList<Need> needs, out string? problem))
        {
            hook.Spec = hook.Spec with { Needs = needs };
            return;
        }

        reading.Fail(hook.Position("needs"), $"hook.{hook.Spec.Name}: {problem}");
        Remove(hook);
    }

    private void ResolveSession(SessionDraft session)
    {
        string name = session.Spec.Name;
        if (TryResolve(session.Spec.Needs, null, session.Table.PositionOf("needs"), out ValueList<Need> needs, out string? problem))
        {
            sessions[name] = session with { Spec = session.Spec with { Needs = needs } };
            return;
        }

        Break(session, $"sessions.{name}: {problem}");
    }

    private void Break(SessionDraft session, string message)
    {
        reading.Fail(session.Table.PositionOf("needs"), message);
        reading.BrokenSessions.TryAdd(session.Spec.Name, reading.Errors[^1].ToString());
        sessions.Remove(session.Spec.Name);
    }

    private void Remove(PlannedHook hook)
    {
        reading.BrokenHooks.Add(hook.Spec.Name);
        hooks.Items.Remove(hook);
    }

    private bool TryResolve(ValueList<Need> given, HookEvent? of, SourcePosition position, out ValueList<Need> needs, out string? problem)
    {
        var resolved = new List<Need>();
        needs = given;
        problem = null;
        foreach (Need need in given)
        {
            if (need.Kind == NeedKind.Session)
            {
                problem ??= ProblemOfSession(need, position);
                resolved.Add(need);
                continue;
            }

            if (HookKeys.Events.Any(e => e.Name == need.Name))
            {
                HookEvent value = HookKeys.Events.First(e => e.Name == need.Name).Event;
                if (value > HookEvent.PostStart) problem ??= $"{need} does not run at the start, so nothing can wait for it";
                resolved.Add(need with { Kind = NeedKind.Event });
                continue;
            }

            List<PlannedHook> group = [.. hooks.Items.Where(hook => hook.Spec.Name == need.Name || (!hook.IsShort && hook.Group == need.Name))];
            if (reading.BrokenHooks.Contains(need.Name)) resolved.Add(need);
            else if (group.Count == 0) problem ??= Unknown(need, hooks.Items.Select(hook => hook.Spec.Name));
            else if (group[0].Spec.Event > HookEvent.PostStart && group[0].Spec.Event != of) problem ??= $"{need} does not run at the start, so nothing can wait for it";
            resolved.AddRange(group.Select(hook => new Need(NeedKind.Hook, hook.Spec.Name)));
        }

        needs = [.. resolved];
        return problem is null;
    }

    // A session that is there but broken never gets ready; its own error says why. One that is not there may come by the
    // API, unless its name looks like a slip of the pen.
    private string? ProblemOfSession(Need need, SourcePosition position)
    {
        if (sessions.ContainsKey(need.Name) || reading.BrokenSessions.ContainsKey(need.Name)) return null;
        string problem = Unknown(need, sessions.Keys);
        if (NearestWord.Find(need.Name, sessions.Keys) is not null) return problem;
        reading.Warn(position, problem + " in the spec; it must be created by the API");
        return null;
    }

    private static string Unknown(Need need, IEnumerable<string> known)
    {
        string? nearest = NearestWord.Find(need.Name, known);
        string kind = need.Kind == NeedKind.Session ? "session" : "hook";
        return $"needs \"{need}\", but there is no such {kind}{(nearest is null ? "" : $"; did you mean \"{kind}:{nearest}\"?")}";
    }

    private void Connect()
    {
        foreach ((HookEvent value, _, _) in HookKeys.Events)
        {
            _edges[Node(value)] = [.. hooks.Items.Where(hook => hook.Spec.Event == value).Select(hook => "hook:" + hook.Spec.Name)];
            if (Before(value) is { } before) _edges[Node(value)].Add(Node(before));
        }

        foreach (PlannedHook hook in hooks.Items)
        {
            var edges = new List<string>(hook.Spec.Needs.Select(Node));
            if (Before(hook.Spec.Event) is { } before) edges.Add(Node(before));
            _edges["hook:" + hook.Spec.Name] = edges;
            _hooks["hook:" + hook.Spec.Name] = hook;
        }

        foreach (SessionDraft session in sessions.Values)
        {
            _edges["session:" + session.Spec.Name] = session.Spec.Needs.Count > 0 ? [.. session.Spec.Needs.Select(Node)] : [Node(waitFor)];
        }
    }

    // Attaching and stopping do not follow from the events of the start.
    private static HookEvent? Before(HookEvent value) =>
        value is > HookEvent.OnCreate and <= HookEvent.PostStart ? value - 1 : null;

    private void BreakCircle(IReadOnlyList<string> circle)
    {
        string path = string.Join(" → ", circle.Count <= MaxShown ? circle.Append(circle[0]) : [.. circle.Take(MaxShown), "…", circle[0]]);
        foreach (string node in circle)
        {
            if (_hooks.TryGetValue(node, out PlannedHook? hook))
            {
                reading.Fail(hook.Position("needs"), $"hook.{hook.Spec.Name}: waits for itself: {path}");
                Remove(hook);
            }
            else if (node.StartsWith("session:", StringComparison.Ordinal) && sessions.TryGetValue(node["session:".Length..], out SessionDraft? session))
            {
                Break(session, $"sessions.{session.Spec.Name}: waits for itself: {path}");
            }
        }
    }

    // The short forms of an event come first, an entry a stage. The long forms follow one by one; what is finished first in
    // the search waits for nothing behind it.
    private void AssignStages(IReadOnlyList<string> finishOrder)
    {
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < finishOrder.Count; i++) order[finishOrder[i]] = i;
        foreach (IGrouping<HookEvent, PlannedHook> group in hooks.Items.GroupBy(hook => hook.Spec.Event))
        {
            int stage = -1, entry = -1;
            foreach (PlannedHook hook in group.OrderBy(hook => !hook.IsShort).ThenBy(hook => hook.IsShort ? hook.Entry : order["hook:" + hook.Spec.Name]))
            {
                if (hook.Entry != entry) stage++;
                entry = hook.Entry;
                hook.Spec = hook.Spec with { Stage = stage };
            }
        }
    }
}
