namespace Sessiond.Pty;

/// <summary>Puts this process into a cgroup for as long as it takes to spawn a program there, and back: what is forked begins its life where its parent is.</summary>
/// <remarks>For a C library whose posix_spawn cannot do it. The caller spawns from one thread alone.</remarks>
internal sealed class CgroupDoor : IDisposable
{
    /// <summary>Tries to come back; what is refused once for lack of memory may succeed.</summary>
    private const int Tries = 3;

    private readonly string _home;

    private CgroupDoor(string home) => _home = home;

    /// <summary>Goes in; null when that is not possible, or the cgroup is frozen: whoever enters such a one stands still.</summary>
    internal static CgroupDoor? TryEnter(string folder, string home)
    {
        if (!KernelFile.Read(Path.Combine(folder, "cgroup.events")).Contains("frozen 0", StringComparison.Ordinal)) return null;
        return Move(folder) ? new CgroupDoor(home) : null;
    }

    /// <summary>Comes back.</summary>
    /// <exception cref="OsException">There is no way back.</exception>
    public void Dispose()
    {
        for (int i = 0; i < Tries; i++)
        {
            if (Move(_home)) return;
        }

        throw new OsException($"come back to the cgroup {_home}", Errno.EIO);
    }

    private static bool Move(string folder) => KernelFile.TryWrite(Path.Combine(folder, Cgroup.Processes), "0");
}
