using System.Text;
using Sessiond.Pty;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>A file in which a script of a session leaves its environment. It belongs to the session's user, in a folder that does not.</summary>
internal sealed class EnvironmentFile : IDisposable
{
    /// <summary>Bytes of an environment: more than execve(2) takes.</summary>
    private const int MaxEnvironment = 4 << 20;

    private const uint EnterOnly = 0x1C9; // 0711: the name in it is known to the script

    private EnvironmentFile(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Makes an empty file; null where no folder for temporary files can be written.</summary>
    internal static EnvironmentFile? Create(UserIdentity user)
    {
        try
        {
            string folder = Directory.CreateTempSubdirectory("sessiond-env-").FullName;
            FileOwnership.SetMode(folder, EnterOnly);
            string path = System.IO.Path.Combine(folder, "environment");
            using (new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                // Empty: the script fills it.
            }

            if (!user.IsCurrent) FileOwnership.Give(path, user);
            return new EnvironmentFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The environment; null when the script left none.</summary>
    internal Dictionary<string, string>? Read()
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[(int)Math.Min(file.Length, MaxEnvironment)];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var environment = new Dictionary<string, string>();
            foreach (string entry in Encoding.UTF8.GetString(bytes, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                int equals = entry.IndexOf('=');
                if (equals > 0) environment[entry[..equals]] = entry[(equals + 1)..];
            }

            return environment.Count == 0 ? null : environment;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Remove(Path);

    /// <summary>Removes one that a daemon before us made.</summary>
    /// <param name="path">Its <see cref="Path"/>.</param>
    internal static void Remove(string path)
    {
        try
        {
            Directory.Delete(System.IO.Path.GetDirectoryName(path)!, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone already, with the rest of the folder for temporary files.
        }
    }
}
