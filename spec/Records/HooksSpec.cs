namespace Sessiond.Spec;

/// <summary>What <c>[hooks]</c> says about all hooks.</summary>
public sealed record HooksSpec
{
    /// <summary>The devbox is <c>initializing</c> until the hooks of this event and those before it are done.</summary>
    public HookEvent WaitFor { get; init; } = HookEvent.UpdateContent;

    /// <summary>Longest time of a hook that names none; zero: none.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);
}
