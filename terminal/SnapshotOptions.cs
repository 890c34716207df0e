namespace Sessiond.Vt;

/// <summary>What a snapshot holds beside the screens and modes.</summary>
public sealed record SnapshotOptions
{
    /// <summary>Rows of scrollback, the newest ones.</summary>
    public int ScrollbackLines { get; init; } = int.MaxValue;

    /// <summary>Do not erase what the client's own scrollback holds: no RIS, no ED 3.</summary>
    public bool KeepClientScrollback { get; init; }
}
