using Sessiond.Spec;

namespace Sessiond.Hooks;

/// <summary>The words for events and states.</summary>
public static class HookNames
{
    private static readonly string[] Events = ["on_create", "update_content", "post_create", "post_start", "post_attach", "pre_stop"];

    /// <summary>The event as the spec writes it.</summary>
    public static string Of(HookEvent value) => Events[(int)value];

    /// <summary>The state as the API writes it.</summary>
    public static string Of(HookState state) => state switch
    {
        HookState.Pending => "pending",
        HookState.Running => "running",
        HookState.Succeeded => "succeeded",
        HookState.Failed => "failed",
        _ => "skipped",
    };

    /// <summary>True when a name is an event's.</summary>
    internal static bool IsEvent(string name) => Array.IndexOf(Events, name) >= 0;

    /// <summary>The event of a name that the spec was checked for.</summary>
    public static HookEvent EventOf(string name) => (HookEvent)Array.IndexOf(Events, name);

    /// <summary>The name of a hook's marker; a hook that moved to another event is another one.</summary>
    internal static string MarkerOf(HookSpec hook) => $"{Of(hook.Event)}.{hook.Name}";
}
