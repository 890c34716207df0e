namespace Sessiond.Cli.Attach;

/// <summary>How far the terminal has come in a session's output, for coming back after a cut.</summary>
internal sealed record AttachPosition
{
    /// <summary>The journal's life that <see cref="Offset"/> belongs to; null before the first hello.</summary>
    public string? Epoch { get; init; }

    /// <summary>Opaque name of the attachment.</summary>
    public string? Attachment { get; init; }

    /// <summary>Bytes of the journal that the terminal shows; null when it shows half a snapshot, or was painted over.</summary>
    public long? Offset { get; init; }
}
