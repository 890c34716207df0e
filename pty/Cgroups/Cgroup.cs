using System.Globalization;

namespace Sessiond.Pty;

/// <summary>A cgroup of version 2, cgroups(7): what is forked in it stays in it, whatever it does to its parents, its session and its environment.</summary>
/// <remarks>Any thread. A cgroup that is gone is one that is empty.</remarks>
public sealed class Cgroup(string folder, EpollLoop loop)
{
    /// <summary>The pids in it; writing one moves that process, 0 the writer.</summary>
    internal const string Processes = "cgroup.procs";

    private const string Kill = "cgroup.kill";
    private const string Freeze = "cgroup.freeze";

    /// <summary>Its folder.</summary>
    public string Folder => folder;

    /// <summary>The folder's name.</summary>
    public string Name => Path.GetFileName(folder);

    /// <summary>True while its processes are frozen, or about to be, by itself.</summary>
    public bool IsFreezing => KernelFile.Read(Path.Combine(folder, Freeze)).StartsWith('1');

    /// <summary>The cgroups right below it.</summary>
    public IReadOnlyList<Cgroup> Children()
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Select(path => new Cgroup(path, loop))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The pids in it and in everything below it. A process of another pid namespace has none.</summary>
    public IReadOnlyList<int> Pids()
    {
        var pids = new List<int>();
        foreach (string path in Folders())
        {
            foreach (string line in KernelFile.Read(Path.Combine(path, Cgroup.Processes)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (int.TryParse(line, CultureInfo.InvariantCulture, out int pid) && pid > 0) pids.Add(pid);
            }
        }

        return pids;
    }

    /// <summary>Sends SIGKILL to all of them, also to those that are being forked and to frozen ones.</summary>
    /// <returns>False when the kernel cannot (before Linux 5.14).</returns>
    public bool TryKill() => KernelFile.TryWrite(Path.Combine(folder, Kill), "1");

    /// <summary>Waits until no process is left in it.</summary>
    public Task<bool> IsEmptyWithinAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellation) =>
        CgroupEvents.SayWithinAsync(folder, "populated 0", loop, limit, time, cancellation);

    /// <summary>Freezes them and waits until none runs; false when one is still in the kernel then: it stops on its way out.</summary>
    public Task<bool> FreezeAsync(TimeSpan limit, TimeProvider time)
    {
        KernelFile.TryWrite(Path.Combine(folder, Freeze), "1");
        return CgroupEvents.SayWithinAsync(folder, "frozen 1", loop, limit, time, CancellationToken.None);
    }

    /// <summary>Lets them go on.</summary>
    public void Thaw()
    {
        if (IsFreezing) KernelFile.TryWrite(Path.Combine(folder, Freeze), "0");
    }

    /// <summary>Removes it with what is below it, unless there is a process in any of them: whoever still runs there may have made the empty ones for later.</summary>
    /// <returns>True when nothing of it is there any more.</returns>
    public bool TryRemove()
    {
        if (KernelFile.Read(Path.Combine(folder, "cgroup.events")).Contains("populated 1", StringComparison.Ordinal)) return false;
        // Parents come first in the list, and must go last.
        foreach (string path in Enumerable.Reverse(Folders()))
        {
            try
            {
                Directory.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody came into it just now, or it went by itself.
            }
        }

        return !Directory.Exists(folder);
    }

    private List<string> Folders()
    {
        var folders = new List<string> { folder };
        for (int i = 0; i < folders.Count; i++)
        {
            try
            {
                folders.AddRange(Directory.EnumerateDirectories(folders[i]));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Removed meanwhile.
            }
        }

        return folders;
    }
}
