namespace Sessiond.Pty;

/// <summary>A lock on a folder, flock(2): held as long as one process has the descriptor or a duplicate of it, and by nobody after all of them died.</summary>
public static class FolderLock
{
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;

    /// <summary>Takes it; null when somebody has it, or there is no such folder.</summary>
    public static SafeFd? TryTake(string folder)
    {
        SafeFd? fd = OpenFiles.TryOpenFolder(folder);
        if (fd is null || Libc.Flock(fd.Value, LOCK_EX | LOCK_NB) == 0) return fd;
        fd.Dispose();
        return null;
    }
}
