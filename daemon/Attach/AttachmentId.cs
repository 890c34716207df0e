using System.Buffers;

namespace Sessiond.Daemon.Attach;

/// <summary>
/// Names of attachments: random, and kept by whoever comes back under one. The name alone says who comes back, so that it holds beyond the daemon that gave it.
/// </summary>
internal static class AttachmentId
{
    private const int Length = 16;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    internal static string New() => Guid.NewGuid().ToString("N")[..Length];

    /// <summary>True for what <see cref="New"/> gives; a client that sends anything else gets a name of its own.</summary>
    internal static bool IsValid(string text) => text.Length == Length && !text.AsSpan().ContainsAnyExcept(Digits);
}
