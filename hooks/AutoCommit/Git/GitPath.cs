using System.Text;
using Sessiond.Pty;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// A path inside a repository as git prints it: bytes, which need not be UTF-8. Each byte is one character of <paramref name="Raw"/> (Latin-1), so that nothing is lost.
/// </summary>
/// <param name="Raw">The bytes.</param>
internal readonly record struct GitPath(string Raw)
{
    /// <summary>For people: as UTF-8, control characters replaced.</summary>
    internal string Display => Printable(Text);

    /// <summary>As UTF-8, for the file system's calls of the platform; what is no UTF-8 is lost.</summary>
    internal string Text => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Raw));

    /// <summary>The last part.</summary>
    internal string Name => Raw[(Raw.LastIndexOf('/') + 1)..];

    /// <summary>A path of ours.</summary>
    internal static GitPath Of(string path) => new(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(path)));

    /// <summary>Text for people, without what could steer their terminal.</summary>
    internal static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;

    /// <summary>What the file system says of it; null when there is nothing.</summary>
    /// <param name="root">The worktree's folder.</param>
    internal FileFacts? FactsIn(string root) => FileFacts.Of([.. Encoding.UTF8.GetBytes(root), (byte)'/', .. Encoding.Latin1.GetBytes(Raw)]);
}
