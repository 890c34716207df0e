using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Keys;

/// <summary><c>[hooks]</c> and <c>[[hook]]</c>.</summary>
internal static class HookKeys
{
    /// <summary>The events in their order, with the names of devcontainer.json for them; pre_stop is ours alone.</summary>
    public static readonly (HookEvent Event, string Name, string? Devcontainer)[] Events =
    [
        (HookEvent.OnCreate, "on_create", "onCreateCommand"),
        (HookEvent.UpdateContent, "update_content", "updateContentCommand"),
        (HookEvent.PostCreate, "post_create", "postCreateCommand"),
        (HookEvent.PostStart, "post_start", "postStartCommand"),
        (HookEvent.PostAttach, "post_attach", "postAttachCommand"),
        (HookEvent.PreStop, "pre_stop", null),
    ];

    // The start can only wait for what happens at the start.
    private static readonly SpecType<HookEvent> WaitFor = EventsUpTo(HookEvent.PostStart);

    private static readonly SpecType<HookEvent> Event = EventsUpTo(HookEvent.PreStop);

    private static readonly SpecType<OnFailure> OnFailure = SpecTypes.OneOf(
        ("fail", Spec.OnFailure.Fail), ("warn", Spec.OnFailure.Warn), ("ignore", Spec.OnFailure.Ignore));

    private static readonly SpecType<Rerun> Rerun = SpecTypes.OneOf(
        ("never", Spec.Rerun.Never), ("always", Spec.Rerun.Always), ("on-change", Spec.Rerun.OnChange));

    public static readonly SpecTable<HooksDraft> Hooks = new SpecTable<HooksDraft>("hooks", "The devcontainer events, in this order, and one more. Layers add to each other.")
        .Key("wait_for", WaitFor, "\"update_content\"", "The devbox is `initializing` until this one is done.", (hooks, value) => hooks with { Defaults = hooks.Defaults with { WaitFor = value } }, "waitFor")
        .Key("timeout", UnitTypes.Duration, "\"300s\"", "Per hook; \"0s\": none. Over it: cancelled, a failure like any other.", (hooks, time) => hooks with { Defaults = hooks.Defaults with { Timeout = time } })
        .Key("on_create", Short(HookEvent.OnCreate), "(none)", "Once per storage; its marker is written after exit 0 only.", (hooks, hook) => hooks.With(hook), "onCreateCommand")
        .Key("update_content", Short(HookEvent.UpdateContent), "(none)", "Once, and again when the content changed.", (hooks, hook) => hooks.With(hook), "updateContentCommand")
        .Key("post_create", Short(HookEvent.PostCreate), "(none)", "Once, after the content is there.", (hooks, hook) => hooks.With(hook), "postCreateCommand")
        .Key("post_start", Short(HookEvent.PostStart), "(none)", "Every start.", (hooks, hook) => hooks.With(hook), "postStartCommand")
        .Key("post_attach", Short(HookEvent.PostAttach), "(none)", "Each attach of a controller.", (hooks, hook) => hooks.With(hook), "postAttachCommand")
        .Key("pre_stop", Short(HookEvent.PreStop), "(none)", "Inside `daemon.stop_grace`.", (hooks, hook) => hooks.With(hook));

    public static readonly SpecTable<HookDraft> LongHook = new SpecTable<HookDraft>("[hook]", "The long form of a hook. Those of one event run in turn, after its short forms, `needs` first.")
        .Key("event", Event, null, "When it runs.", (hook, value) => hook with { Event = value })
        .Key("name", NameTypes.Name, "(the event and a number)", "For `needs`, logs and `sessiond hooks rerun`.", (hook, name) => hook with { Name = name })
        .Key("run", CommandTypes.Commands, null, "What it runs, in app_dir.", (hook, run) => hook with { Run = run })
        .Key("needs", CommandTypes.Needs, "[]", "`\"hook:NAME\"` finished, `\"session:NAME\"` ready; a circle is an error.", (hook, needs) => hook with { Needs = needs })
        .Key("timeout", UnitTypes.Duration, "(that of `[hooks]`)", "Per try; \"0s\": none.", (hook, time) => hook with { Timeout = time })
        .Key("retries", SpecTypes.Integer(0, 100), "0", "Further tries after a failure.", (hook, count) => hook with { Retries = count })
        .Key("on_failure", OnFailure, "\"fail\"", "fail: devbox `failed`, later hooks skipped; warn; ignore.", (hook, policy) => hook with { OnFailure = policy })
        .Key("user", NameTypes.Account, "(`defaults.user`)", "Its user.", (hook, user) => hook with { User = user })
        .Key("rerun", Rerun, "(never; on-change for `update_content`)", "When a hook of a once-event runs again.", (hook, rerun) => hook with { Rerun = rerun })
        .Key("inputs", SpecTypes.Words, "[]", "What `on-change` looks at, relative to app_dir; without them, the commit that is checked out.", (hook, list) => hook with { Inputs = list });

    /// <summary>The event's name in a spec.</summary>
    public static string NameOf(HookEvent value) => Events[(int)value].Name;

    private static SpecType<HookEvent> EventsUpTo(HookEvent last) => SpecTypes.OneOf(
        [.. Events.Where(e => e.Event <= last).Select(e => (e.Name, e.Event))],
        [.. Events.Where(e => e.Event <= last && e.Devcontainer is not null).Select(e => (e.Devcontainer!, e.Event))]);

    private static SpecType<ShortHook> Short(HookEvent value) => new(
        "command, or table of named commands",
        (toml, reading) => CommandTypes.Commands.Read(toml, reading).Then<ShortHook>(commands => new ShortHook(value, commands, toml.Position)),
        CommandTypes.Commands.WriteSchema);
}
