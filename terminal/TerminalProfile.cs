namespace Sessiond.Vt;

/// <summary>What the controller's terminal looks like; the engine answers the program's queries with it.</summary>
public sealed record TerminalProfile
{
    /// <summary>Default foreground, 0xRRGGBB.</summary>
    public int Foreground { get; init; } = 0xFFFFFF;

    /// <summary>Default background, 0xRRGGBB.</summary>
    public int Background { get; init; }

    /// <summary>Cursor colour, 0xRRGGBB; null is the foreground.</summary>
    public int? Cursor { get; init; }

    /// <summary>The first colours of the palette, 0xRRGGBB; those that are missing are xterm's.</summary>
    public IReadOnlyList<int> Palette { get; init; } = [];

    /// <summary>Width of the text area in pixels, 0 when not known.</summary>
    public int PixelWidth { get; init; }

    /// <summary>Height of the text area in pixels, 0 when not known.</summary>
    public int PixelHeight { get; init; }

    /// <summary>The terminal speaks the kitty keyboard protocol, so the engine answers its query.</summary>
    public bool KittyKeyboard { get; init; } = true;
}
