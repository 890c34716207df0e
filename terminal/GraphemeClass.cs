namespace Sessiond.Vt;

/// <summary>Classes of UAX #29 (Grapheme_Cluster_Break with Indic_Conjunct_Break and Extended_Pictographic folded in).</summary>
internal enum GraphemeClass : byte
{
    Other,
    Control,

    /// <summary>Extend with InCB=Extend.</summary>
    Extend,
    ZeroWidthJoiner,
    RegionalIndicator,
    Prepend,
    SpacingMark,
    HangulL,
    HangulV,
    HangulT,
    HangulLv,
    HangulLvt,
    ExtendedPictographic,

    /// <summary>InCB=Consonant.</summary>
    Consonant,

    /// <summary>Extend with InCB=Linker.</summary>
    ExtendLinker,

    /// <summary>Extend with InCB=None.</summary>
    ExtendOther,
}
