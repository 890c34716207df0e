namespace Sessiond.Vt;

/// <summary>How a mode behaves beside being set and reset.</summary>
[Flags]
internal enum ModeTraits
{
    None = 0,

    /// <summary>Set after RIS.</summary>
    Default = 1,

    /// <summary>DECSTR resets it to its default.</summary>
    SoftReset = 2,

    /// <summary>What a terminal starts with is its user's choice; a snapshot sets it only when the program did.</summary>
    Preference = 4,

    /// <summary>A program that dies with it set leaves a terminal that cannot be used (docs/invariants.md, I5).</summary>
    Owned = 8,

    /// <summary>Has an effect on painting; a snapshot sets it at its own place.</summary>
    Placed = 16,

    /// <summary>Never part of a snapshot.</summary>
    Transient = 32,
}
