namespace Sessiond.Pty;

/// <summary>A lock on a folder, flock(2): held as long as one process has the descriptor or a duplicate of it, and by nobody after all of them died.</summary>
public static class FolderLock
{
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;

    private const int Tries = 100;

    /// <summary>Takes it; null when somebody has it, or there is no such folder.</summary>
    public static SafeFd? TryTake(string folder)
    {
        SafeFd? fd = OpenFiles.TryOpenFolder(folder);
        if (fd is null || Libc.Flock(fd.Value, LOCK_EX | LOCK_NB) == 0) return fd;
        fd.Dispose();
        return null;
    }

    /// <summary>
    /// Makes a folder that nobody else makes, and takes its lock. Whoever removes folders that nobody has locked may be quicker, as often as there are such: it is made again then.
    /// </summary>
    /// <returns>The lock; null when there is none to be had.</returns>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public static SafeFd? TryMake(string folder)
    {
        for (int i = 0; i < Tries; i++)
        {
            Directory.CreateDirectory(folder);
            if (OpenFiles.TryOpenFolder(folder) is not { } fd) continue;
            // Waits: who removes a folder has its lock for no longer than that takes.
            if (Libc.Flock(fd.Value, LOCK_EX) == 0 && Directory.Exists(folder)) return fd;
            fd.Dispose();
        }

        return null;
    }
}
