namespace Sessiond.Holder;

/// <summary>What a daemon gets when it begins.</summary>
/// <param name="News">Why there is a new daemon; empty: it is the first one, or takes part in an upgrade.</param>
/// <param name="IsUpgrade">True when another daemon still serves: read and accept nothing before <see cref="HolderClient.OnGo"/>.</param>
/// <param name="Items">Everything that outlived the daemon before.</param>
public sealed record Handover(string News, bool IsUpgrade, IReadOnlyList<HandedItem> Items);
