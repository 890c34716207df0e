using System.Text;

namespace Sessiond.Hooks.Secrets;

/// <summary>One file for each secret, as a Kubernetes secret volume has them.</summary>
/// <param name="folder">The folder.</param>
public sealed class FileSecrets(string folder) : ISecretProvider
{
    /// <summary>Bytes of a secret; Kubernetes allows 1 MiB for all of an object.</summary>
    internal const int MaxLength = 1 << 20;

    /// <inheritdoc/>
    public async Task<string?> FindAsync(string name, CancellationToken cancellation)
    {
        // The spec's reader refuses names with a slash, which would lead out of the folder.
        string path = Path.Combine(folder, name);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return null;
            if (file.Length > MaxLength) throw new IOException($"secret {name} is larger than {MaxLength >> 10} KiB");
            return Trim(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(path, cancellation)));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"secret {name}: {exception.Message}", exception);
        }
    }

    /// <summary>An editor or <c>echo</c> ends a file with a line end, which is no part of the value.</summary>
    internal static string Trim(string text) => text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}
