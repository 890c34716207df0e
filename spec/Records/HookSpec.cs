using Sessiond.Spec.Api;

namespace Sessiond.Spec;

/// <summary>One hook: an entry of <c>[hooks]</c>, a named command of such an entry, or a <c>[[hook]]</c>.</summary>
public sealed record HookSpec
{
    /// <summary>When it runs.</summary>
    public required HookEvent Event { get; init; }

    /// <summary>Its name, unique among all hooks; a short form without a name has the event's.</summary>
    public required string Name { get; init; }

    /// <summary>What it runs, in the app folder.</summary>
    public required Command Run { get; init; }

    /// <summary>Hooks of one event run stage by stage; those of the same stage run in parallel.</summary>
    public int Stage { get; init; }

    /// <summary>What must be finished or ready before it starts.</summary>
    public ValueList<Need> Needs { get; init; } = [];

    /// <summary>Longest time of one try; zero: none.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Further tries after a failure.</summary>
    public int Retries { get; init; }

    /// <summary>What a failure does.</summary>
    public OnFailure OnFailure { get; init; }

    /// <summary>Its user; null: <c>defaults.user</c>.</summary>
    public string? User { get; init; }

    /// <summary>When a hook of a once-event runs again.</summary>
    public Rerun Rerun { get; init; }

    /// <summary>Files whose change makes <see cref="Rerun.OnChange"/> run it, relative to the app folder.</summary>
    public ValueList<string> Inputs { get; init; } = [];
}
