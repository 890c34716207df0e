namespace Sessiond.E2e.Tests.Harness;

/// <summary>The cgroups of the machine that the tests run on.</summary>
internal static class Cgroups
{
    /// <summary>Name of what turns them off.</summary>
    internal const string Switch = "SESSIOND_CGROUPS";

    // Once, and before anything is started: a try moves this whole process for a moment, and what it starts in that moment stays there.
    private static readonly (string? Own, string? Problem) Found = Find();

    /// <summary>True where a daemon can make some.</summary>
    internal static bool ArePossible => Found.Problem is null;

    /// <summary>The folder of our own cgroup; skips the test, with a reason, where none can be made below it.</summary>
    internal static string Require()
    {
        Assert.SkipUnless(ArePossible, $"cgroups cannot be made here: {Found.Problem}");
        return Found.Own!;
    }

    /// <summary>The cgroup of a process.</summary>
    internal static Cgroup Of(int pid)
    {
        string path = File.ReadAllLines($"/proc/{pid}/cgroup").First(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        string ownPath = File.ReadAllLines("/proc/self/cgroup").First(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        return new Cgroup(Path.Combine(CgroupMount.Own(out _)!, path[ownPath.Length..].TrimStart('/')), Host.Loop);
    }

    /// <summary>The folder that a daemon made for all its sessions, told by one of them.</summary>
    internal static string RootOf(int pid) => Path.GetFullPath(Path.Combine(Of(pid).Folder, "../.."));

    /// <summary>Processes with a command line.</summary>
    internal static IReadOnlyList<ProcessEntry> Running(string command) =>
        [.. ProcessTable.Read().Where(entry => !entry.IsZombie && ProcessTable.CommandLine(entry.Pid) == command)];

    private static (string? Own, string? Problem) Find()
    {
        string? own = CgroupMount.Own(out string reason);
        return (own, own is null ? reason : CgroupMount.Try(own, Path.Combine(own, $"test-{Guid.NewGuid():N}")));
    }
}
