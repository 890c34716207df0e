using System.Text.RegularExpressions;

namespace Sessiond.Pty;

/// <summary>Finds this process's cgroup of version 2 in the file system, cgroups(7), proc_pid_mountinfo(5): where only version 2 is mounted, and where it is beside version 1.</summary>
public static partial class CgroupMount
{
    private const int MountRoot = 3;
    private const int MountPoint = 4;

    /// <summary>The folder of our own cgroup; null, with a reason, when there is none to be seen.</summary>
    public static string? Own(out string reason)
    {
        string? path = KernelFile.Read("/proc/self/cgroup").Split('\n').FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..];
        reason = path is null ? "the kernel has no cgroups of version 2" : $"no mounted cgroup2 file system shows the cgroup {path}";
        if (path is null) return null;
        foreach (string line in KernelFile.Read("/proc/self/mountinfo").Split('\n'))
        {
            // 36 35 98:0 /root /point options optional… - type source options
            string[] halves = line.Split(" - ", 2);
            if (halves.Length < 2 || !halves[1].StartsWith("cgroup2 ", StringComparison.Ordinal)) continue;
            string[] fields = halves[0].Split(' ');
            string root = Unescape(fields[MountRoot]).TrimEnd('/');
            if (path != root && !path.StartsWith(root + "/", StringComparison.Ordinal)) continue;
            string folder = (Unescape(fields[MountPoint]) + path[root.Length..]).TrimEnd('/');
            // Something else may be mounted over it.
            if (File.Exists(Path.Combine(folder, Cgroup.Processes))) return folder;
        }

        return null;
    }

    /// <summary>
    /// Tries what a spawn will do: makes a cgroup below our own, goes there and comes back.
    /// </summary>
    /// <param name="own">Our own cgroup.</param>
    /// <param name="child">The cgroup to make and remove again.</param>
    /// <returns>What it failed at; null: it works.</returns>
    public static string? Try(string own, string child)
    {
        if (TakesNobody(own)) return $"{own} hands controllers to cgroups below it";
        try
        {
            Directory.CreateDirectory(child);
            if (!File.Exists(Path.Combine(child, "cgroup.freeze"))) return "this kernel cannot freeze cgroups";
            if (CgroupDoor.TryEnter(child) is not { } door) return $"processes cannot be moved into {child}";
            return door.TryLeave() ? null : $"processes cannot come back to {own}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
        finally
        {
            if (Directory.Exists(child)) Remove(child);
        }
    }

    /// <summary>True of a cgroup that gives resources to its children: it may hold no process itself, and there is no way back to it. The root of all, which has no type, may.</summary>
    internal static bool TakesNobody(string folder) =>
        File.Exists(Path.Combine(folder, "cgroup.type")) && KernelFile.Read(Path.Combine(folder, "cgroup.subtree_control")).Trim().Length > 0;

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nobody can be in it but ourselves, when there was no way back.
        }
    }

    /// <summary>Blank, tab, newline and backslash are octal in mountinfo.</summary>
    private static string Unescape(string field) => Octal().Replace(field, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
