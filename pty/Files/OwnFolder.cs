namespace Sessiond.Pty;

/// <summary>Our working folder, also when it was removed meanwhile: getcwd(3) then has none.</summary>
public static class OwnFolder
{
    /// <summary>What the kernel puts behind the path of a folder that was removed, proc(5).</summary>
    private const string Removed = " (deleted)";

    /// <summary>Its path, whatever lies there by now.</summary>
    public static string Path
    {
        get
        {
            string path = ProcessTable.WorkingFolder(Environment.ProcessId) ?? "/";
            if (path.EndsWith(Removed, StringComparison.Ordinal) && !Directory.Exists(path)) path = path[..^Removed.Length];
            // One that is outside of our root has no path.
            return path.StartsWith('/') ? path : "/";
        }
    }

    /// <summary>The same for a child to start in: the folder that lies at the path now, the root where none does.</summary>
    public static string ForChildren => Path is var path && Directory.Exists(path) ? path : "/";
}
