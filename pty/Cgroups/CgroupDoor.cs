namespace Sessiond.Pty;

/// <summary>Puts this process into a cgroup for as long as it takes to spawn a program there, and back: what is forked begins its life where its parent is.</summary>
/// <remarks>For a C library whose posix_spawn cannot do it. The caller spawns from one thread alone.</remarks>
internal sealed class CgroupDoor : IDisposable
{
    /// <summary>Tries to come back; what is refused once for lack of memory may succeed.</summary>
    private const int Tries = 3;

    private readonly string _folder;
    private readonly string _home;

    private CgroupDoor(string folder, string home) => (_folder, _home) = (folder, home);

    /// <summary>
    /// Goes in; null when that is not possible, when there would be no way back, or when the cgroup is frozen: whoever enters such a one stands still.
    /// </summary>
    internal static CgroupDoor? TryEnter(string folder)
    {
        // Asked each time: whoever nests containers in this one moves all of us elsewhere, and gives the place we were in to cgroups below it.
        if (CgroupMount.Own(out _) is not { } home || CgroupMount.TakesNobody(home)) return null;
        if (!KernelFile.Read(Path.Combine(folder, "cgroup.events")).Contains("frozen 0", StringComparison.Ordinal)) return null;
        return Move(folder) ? new CgroupDoor(folder, home) : null;
    }

    /// <summary>Comes back.</summary>
    public void Dispose() => TryLeave();

    /// <summary>
    /// Comes back; false when home takes nobody any more, and we went to the nearest cgroup above that does. What was spawned lives either way, so this is nothing to throw for.
    /// </summary>
    internal bool TryLeave()
    {
        for (int i = 0; i < Tries; i++)
        {
            if (Move(_home)) return true;
        }

        // Anywhere but in there, where we would be frozen and killed with the others.
        string? above = Path.GetDirectoryName(_folder);
        while (above is not null && !Move(above)) above = Path.GetDirectoryName(above);
        return false;
    }

    private static bool Move(string folder) => KernelFile.TryWrite(Path.Combine(folder, Cgroup.Processes), "0");
}
