using Sessiond.Daemon.Sessions;
using Sessiond.Hooks;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>What sessions wait for before their program starts.</summary>
internal sealed class SessionNeeds(HookRunner hooks, SessionReadiness readiness)
{
    /// <summary>Whether everything that a session needs is there.</summary>
    internal NeedState StateOf(SessionDefinition definition)
    {
        if (definition.Needs.Count > 0) return NeedState.AllOf(definition.Needs.Select(hooks.StateOf));
        return definition.WaitsForHooks ? hooks.StateUpTo(hooks.WaitFor) : NeedState.Met;
    }

    /// <summary>Completes with the next change that can matter to a session. To be taken before looking.</summary>
    internal Task NextChange(SessionDefinition definition) =>
        definition.Needs.Any(need => need.Kind == Spec.NeedKind.Session) ? Task.WhenAny(hooks.Changes.Next, readiness.Changes.Next) : hooks.Changes.Next;
}
