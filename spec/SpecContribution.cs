namespace Sessiond.Spec;

/// <summary>One key that a layer says.</summary>
/// <param name="Place">Where it stands; its message is the key with its value.</param>
/// <param name="Override">Where a stronger layer says it again; null: this one counts.</param>
/// <param name="IsAdded">Layers add to each other here, and none replaces another.</param>
public sealed record SpecContribution(SpecError Place, SpecError? Override, bool IsAdded);
