namespace Sessiond.Cli.Attach;

/// <summary>How a session is attached to.</summary>
/// <param name="Name">The session.</param>
/// <param name="Observe">Look on only.</param>
/// <param name="Takeover">Take control from whoever has it.</param>
/// <param name="Scrollback">Lines of scrollback that come first; null: all that are kept.</param>
/// <param name="DetachKey">The key that detaches; null: none.</param>
internal sealed record AttachOptions(string Name, bool Observe, bool Takeover, int? Scrollback, DetachKey? DetachKey);
