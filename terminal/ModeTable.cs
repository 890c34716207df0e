namespace Sessiond.Vt;

/// <summary>
/// All modes that the engine knows. Setting, resetting, reporting (DECRQM), saving (XTSAVE), soft reset, disarming and
/// snapshots go through this table.
/// </summary>
internal static class ModeTable
{
    private const ModeTraits On = ModeTraits.Default;
    private const ModeTraits Soft = ModeTraits.SoftReset;
    private const ModeTraits Choice = ModeTraits.Preference;
    private const ModeTraits Owned = ModeTraits.Owned;
    private const ModeTraits Placed = ModeTraits.Placed;

    private static readonly ModeDefinition[] _all =
    [
        new(Mode.KeyboardAction, 2, false, Soft),
        new(Mode.Insert, 4, false, Soft | Placed),
        new(Mode.SendReceive, 12, false, On),
        new(Mode.NewLine, 20, false, Placed),
        new(Mode.CursorKeys, 1, true, Soft | Owned),
        new(Mode.Columns132, 3, true, Placed),
        new(Mode.SmoothScroll, 4, true, Choice),
        new(Mode.ReverseVideo, 5, true, Owned),
        new(Mode.Origin, 6, true, Soft | Placed),
        new(Mode.AutoWrap, 7, true, On | Placed),
        new(Mode.AutoRepeat, 8, true, On | Choice),
        new(Mode.MouseTracking, 9, true, Owned),
        new(Mode.BlinkingCursor, 12, true, Choice),
        new(Mode.CursorVisible, 25, true, On | Soft | Owned),
        new(Mode.AllowColumns132, 40, true, Placed),
        new(Mode.MoreFix, 41, true, Choice),
        new(Mode.NationalCharsets, 42, true, Placed),
        new(Mode.ReverseWrap, 45, true, Soft),
        new(Mode.AlternateScreen, 47, true, Placed),
        new(Mode.ApplicationKeypad, 66, true, Soft | Owned),
        new(Mode.BackarrowKey, 67, true, Choice),
        new(Mode.LeftRightMargins, 69, true, Soft | Placed),
        new(Mode.NoClearOnColumnChange, 95, true, Placed),
        new(Mode.MouseTracking, 1000, true, Owned),
        new(Mode.MouseTracking, 1001, true, Owned),
        new(Mode.MouseTracking, 1002, true, Owned),
        new(Mode.MouseTracking, 1003, true, Owned),
        new(Mode.FocusEvents, 1004, true, Owned),
        new(Mode.MouseEncoding, 1005, true, Owned),
        new(Mode.MouseEncoding, 1006, true, Owned),
        new(Mode.AlternateScroll, 1007, true, Choice),
        new(Mode.ScrollOnOutput, 1010, true, Choice),
        new(Mode.ScrollOnKey, 1011, true, Choice),
        new(Mode.MouseEncoding, 1015, true, Owned),
        new(Mode.MouseEncoding, 1016, true, Owned),
        new(Mode.EightBitInput, 1034, true, Choice),
        new(Mode.NumLock, 1035, true, Choice),
        new(Mode.MetaSendsEscape, 1036, true, Choice),
        new(Mode.DeleteSendsDel, 1037, true, Choice),
        new(Mode.AltSendsEscape, 1039, true, Choice),
        new(Mode.BellUrgent, 1042, true, Choice),
        new(Mode.BellRaises, 1043, true, Choice),
        new(Mode.ExtendedReverseWrap, 1045, true, Soft),
        new(Mode.AlternateScreenClear, 1047, true, Placed),
        new(Mode.SaveCursor, 1048, true, Placed),
        new(Mode.AlternateScreenSave, 1049, true, Placed | Owned),
        new(Mode.BracketedPaste, 2004, true, Owned),
        new(Mode.SynchronizedOutput, 2026, true, ModeTraits.Transient),
        new(Mode.GraphemeClusters, 2027, true, Placed),
        new(Mode.ColorSchemeReports, 2031, true, Owned),
        new(Mode.InBandResize, 2048, true, Owned | ModeTraits.Transient),
        new(Mode.Win32Input, 9001, true, Owned),
    ];

    public static ReadOnlySpan<ModeDefinition> All => _all;

    /// <summary>Bits of the modes that are set after RIS.</summary>
    public static ulong Defaults { get; } = Bits(ModeTraits.Default);

    /// <summary>Finds a mode; false for a number that the engine does not know.</summary>
    public static bool TryFind(int number, bool isPrivate, out ModeDefinition definition)
    {
        foreach (ref readonly ModeDefinition candidate in All)
        {
            if (candidate.Number == number && candidate.IsPrivate == isPrivate)
            {
                definition = candidate;
                return true;
            }
        }

        definition = default;
        return false;
    }

    /// <summary>Bits of the modes that have a trait.</summary>
    public static ulong Bits(ModeTraits trait)
    {
        ulong bits = 0;
        foreach (ref readonly ModeDefinition definition in All)
        {
            if (definition.Mode < Mode.MouseTracking && definition.Has(trait))
            {
                bits |= 1UL << (int)definition.Mode;
            }
        }

        return bits;
    }
}
