namespace Sessiond.Daemon.Startup;

/// <summary>Reads /proc/self/mountinfo, proc_pid_mountinfo(5).</summary>
internal static class MountTable
{
    /// <summary>True when a path is on a mount other than the container's root, and not in memory: it is there again when the container is.</summary>
    internal static bool IsPersistent(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            (string Point, string Type) best = ("/", "");
            foreach (string line in File.ReadLines("/proc/self/mountinfo"))
            {
                // id parent major:minor root mount-point options optional-fields… - type source super-options
                string[] fields = line.Split(' ');
                int dash = Array.IndexOf(fields, "-");
                if (dash < 0 || dash + 1 >= fields.Length) continue;
                string point = fields[4].Replace("\\040", " ", StringComparison.Ordinal);
                bool holds = point == "/" || full == point || full.StartsWith(point + "/", StringComparison.Ordinal);
                // A later mount on the same place covers the earlier one.
                if (holds && point.Length >= best.Point.Length) best = (point, fields[dash + 1]);
            }

            return best.Point != "/" && best.Type is not ("tmpfs" or "ramfs");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
