namespace Sessiond.Vt;

/// <summary>What a terminal is made with.</summary>
public sealed record TerminalOptions
{
    /// <summary>Width in cells, 1 to 1000.</summary>
    public int Columns { get; init; } = 80;

    /// <summary>Height in cells, 1 to 1000.</summary>
    public int Rows { get; init; } = 24;

    /// <summary>Rows kept above the screen.</summary>
    public int ScrollbackLines { get; init; } = 10_000;

    /// <summary>Bytes that these rows may take.</summary>
    public long ScrollbackBytes { get; init; } = 16L << 20;

    /// <summary>Where these rows lie; null is the heap.</summary>
    public IScrollbackMemory? ScrollbackMemory { get; init; }

    /// <summary>Position of the first byte that will be fed.</summary>
    public long StartOffset { get; init; }

    /// <summary>Answer to XTVERSION; printable ASCII.</summary>
    public string Version { get; init; } = "sessiond";
}
