namespace Sessiond.Vt;

/// <summary>One row of <see cref="ModeTable"/>.</summary>
/// <param name="Mode">What it is.</param>
/// <param name="Number">Parameter of SM/RM or DECSET/DECRST.</param>
/// <param name="IsPrivate">It is a DEC private mode.</param>
/// <param name="Traits">How it is reset, owned and restored.</param>
internal readonly record struct ModeDefinition(Mode Mode, int Number, bool IsPrivate, ModeTraits Traits)
{
    public bool Has(ModeTraits trait) => (Traits & trait) != 0;
}
