using Sessiond.Spec.Decoding;
using Sessiond.Spec.Keys;

namespace Sessiond.Spec;

/// <summary>All hooks of a spec, short and long, one per command, each with a name of its own.</summary>
internal sealed class HookList
{
    private readonly Reading _reading;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _entries;

    public HookList(Reading reading, SpecDraft draft)
    {
        _reading = reading;

        // An event's own name always means all of its hooks.
        foreach ((_, string name, _) in HookKeys.Events) _names.Add(name);
        foreach (ShortHook hook in draft.ShortHooks.Hooks.OrderBy(hook => hook.Event)) AddShort(hook, draft.ShortHooks.Defaults);
        foreach (HookDraft hook in draft.LongHooks) AddLong(hook, draft.ShortHooks.Defaults);
    }

    /// <summary>In the order of the file, short forms first.</summary>
    public List<PlannedHook> Items { get; } = [];

    /// <summary>All hooks, by event and stage.</summary>
    public IEnumerable<HookSpec> Ordered() => Items.Select(hook => hook.Spec).OrderBy(hook => hook.Event).ThenBy(hook => hook.Stage);

    private void AddShort(ShortHook hook, HooksSpec defaults)
    {
        string group = HookKeys.NameOf(hook.Event);
        _entries++;
        foreach (NamedCommand command in hook.Run.Commands)
        {
            Items.Add(new PlannedHook
            {
                // Layers accumulate, so a name may be there already; that is nobody's mistake.
                Spec = new HookSpec { Event = hook.Event, Name = command.Name is null && Free(group) ? group : Unused(command.Name ?? group), Run = command.Command, Timeout = defaults.Timeout, Rerun = RerunOf(hook.Event) },
                Group = group,
                IsShort = true,
                Entry = _entries,
                Start = hook.Position,
            });
        }
    }

    private void AddLong(HookDraft hook, HooksSpec defaults)
    {
        string group = hook.Name ?? Unused(HookKeys.NameOf(hook.Event));
        if (hook.Name is not null && !_names.Add(group))
        {
            _reading.Fail(hook.Table!.PositionOf("name"), $"hook: the name \"{group}\" is that of an event or of another hook");
            return;
        }

        _entries++;
        foreach (NamedCommand command in hook.Run!.Commands)
        {
            Items.Add(new PlannedHook
            {
                Spec = new HookSpec
                {
                    Event = hook.Event,
                    Name = command.Name is null ? group : Unused($"{group}.{command.Name}"),
                    Run = command.Command,
                    Needs = hook.Needs,
                    Timeout = hook.Timeout ?? defaults.Timeout,
                    Retries = hook.Retries,
                    OnFailure = hook.OnFailure,
                    User = hook.User,
                    Rerun = hook.Rerun ?? RerunOf(hook.Event),
                    Inputs = hook.Inputs,
                },
                Group = group,
                IsShort = false,
                Entry = _entries,
                Table = hook.Table,
                Start = hook.Table!.Position,
            });
        }
    }

    // "Once, and again when the content changed", as its name says.
    private static Rerun RerunOf(HookEvent value) => value == HookEvent.UpdateContent ? Rerun.OnChange : Rerun.Never;

    private bool Free(string eventName) => Items.All(item => item.Spec.Name != eventName);

    // The name itself, or with the first number that makes it new; cut so that the number fits.
    private string Unused(string name)
    {
        string candidate = name.Length > SpecName.MaxLength ? name[..SpecName.MaxLength] : name;
        for (int number = 2; !_names.Add(candidate); number++)
        {
            string suffix = $"-{number}";
            candidate = name[..Math.Min(name.Length, SpecName.MaxLength - suffix.Length)] + suffix;
        }

        return candidate;
    }
}
