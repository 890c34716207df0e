using System.Globalization;

namespace Sessiond.Daemon.Attach;

/// <summary>A place in a journal, as a client names it: <c>EPOCH:OFFSET</c>.</summary>
/// <param name="Epoch">The journal's life; offsets of two epochs do not compare.</param>
/// <param name="Offset">Bytes before it.</param>
internal readonly record struct JournalPosition(string Epoch, long Offset)
{
    /// <summary>Reads the form of the query; null when it is none: the client gets a snapshot then.</summary>
    internal static JournalPosition? Parse(string? text)
    {
        if (text?.IndexOf(':', StringComparison.Ordinal) is not { } colon || colon < 1) return null;
        return long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            ? new JournalPosition(text[..colon], offset)
            : null;
    }
}
