namespace Sessiond.Spec.Decoding;

/// <summary>A spec whose keys are read, before what they say about each other is looked at.</summary>
internal sealed record SpecDraft
{
    /// <summary>Everything but hooks and sessions.</summary>
    public DevboxSpec Spec { get; init; } = new();

    public HooksDraft ShortHooks { get; init; } = new();

    public ValueList<HookDraft> LongHooks { get; init; } = [];

    public ValueList<SessionDraft> Sessions { get; init; } = [];
}
