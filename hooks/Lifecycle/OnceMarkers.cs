using System.Globalization;
using System.Text;

namespace Sessiond.Hooks;

/// <summary>
/// Markers as files below the state folder, in a folder for each workspace: who keeps the state folder on the storage that outlives the container, keeps what
/// ran once for it.
/// </summary>
public sealed class OnceMarkers : IOnceMarkers
{
    /// <summary>Bytes of a marker file; a larger one is not ours.</summary>
    private const int MaxMarker = 64 * 1024;

    private readonly string? _folder;
    private readonly string _workspace;
    private readonly Dictionary<string, string> _memory = []; // what is on no disk, or not yet; guarded by itself

    /// <summary>Opens the markers of a workspace.</summary>
    /// <param name="stateFolder">The state folder; null: nothing is writable, and a marker lasts as long as the daemon.</param>
    /// <param name="workspace">Full path of the workspace.</param>
    public OnceMarkers(string? stateFolder, string workspace)
    {
        _workspace = workspace;
        _folder = stateFolder is null ? null : Path.Combine(stateFolder, "once", FolderOf(workspace));
    }

    /// <inheritdoc/>
    public string? Find(string name)
    {
        lock (_memory)
        {
            if (_folder is null || _memory.ContainsKey(name)) return _memory.GetValueOrDefault(name);
        }

        try
        {
            string path = PathOf(name);
            if (!File.Exists(path) || new FileInfo(path).Length > MaxMarker) return null;
            string[] lines = File.ReadAllLines(path);
            // Another workspace whose path has the same number is not this one.
            return lines.Length >= 2 && lines[0] == _workspace ? lines[1] : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Keep(string name, string fingerprint)
    {
        if (_folder is null)
        {
            lock (_memory) _memory[name] = fingerprint;
            return;
        }

        try
        {
            Write(name, fingerprint);
            lock (_memory) _memory.Remove(name);
        }
        catch (IOException)
        {
            // It holds for as long as the daemon lives, and for good once there is room.
            lock (_memory) _memory[name] = fingerprint;
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> WriteMissed(out string? problem)
    {
        problem = null;
        KeyValuePair<string, string>[] missed;
        lock (_memory) missed = _folder is null ? [] : [.. _memory];
        var written = new List<string>();
        foreach ((string name, string fingerprint) in missed)
        {
            try
            {
                Keep(name, fingerprint);
                written.Add(name);
            }
            catch (IOException exception)
            {
                problem = exception.Message;
            }
        }

        return written;
    }

    private void Write(string name, string fingerprint)
    {
        try
        {
            Directory.CreateDirectory(_folder!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }

        // A marker that is half written must not count: it appears whole or not at all.
        WholeFile.Replace(PathOf(name), Encoding.UTF8.GetBytes($"{_workspace}\n{fingerprint}\n"));
    }

    private string PathOf(string name) => Path.Combine(_folder!, name);

    /// <summary>FNV-1a, 64 bits: a name for a folder, no protection.</summary>
    private static string FolderOf(string workspace)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in Encoding.UTF8.GetBytes(workspace)) hash = (hash ^ value) * 1099511628211;
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
