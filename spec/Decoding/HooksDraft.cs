namespace Sessiond.Spec.Decoding;

/// <summary><c>[hooks]</c> as it was read. Several layers are read one after the other: hooks accumulate.</summary>
internal sealed record HooksDraft
{
    public HooksSpec Defaults { get; init; } = new();

    public ValueList<ShortHook> Hooks { get; init; } = [];

    public HooksDraft With(ShortHook hook) => this with { Hooks = [.. Hooks, hook] };
}
