using System.Globalization;
using Sessiond.Spec.Api;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>A client's words about its terminal as the engine takes them.</summary>
internal static class Profiles
{
    /// <param name="message">The client's words.</param>
    /// <param name="before">The profile so far: its pixels come with the size, and stay.</param>
    internal static TerminalProfile From(ClientMessage message, TerminalProfile before) => new()
    {
        PixelWidth = before.PixelWidth,
        PixelHeight = before.PixelHeight,
        KittyKeyboard = message.KittyKeyboard ?? true,
        Foreground = Colour(message.Foreground, 0xFFFFFF),
        Background = Colour(message.Background, 0x000000),
        Cursor = message.Cursor is null ? null : Colour(message.Cursor, 0xFFFFFF),
    };

    private static int Colour(string? text, int absent) =>
        text is { Length: 7 } && text[0] == '#'
        && int.TryParse(text.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int value)
            ? value
            : absent;
}
