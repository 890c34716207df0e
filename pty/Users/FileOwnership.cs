namespace Sessiond.Pty;

/// <summary>Permissions and owners of paths, chmod(2) and chown(2).</summary>
public static class FileOwnership
{
    /// <summary>Sets the permission bits.</summary>
    /// <exception cref="OsException">The path is not ours to change.</exception>
    public static void SetMode(string path, uint mode) => OsException.Check(Libc.Chmod(path, mode), $"chmod {path}");

    /// <summary>Uid of a path's owner, a link not followed; null when there is no such path.</summary>
    public static unsafe uint? OwnerOf(string path)
    {
        // struct statx, statx(2): stx_uid is at 20, behind stx_mask (0), stx_blksize (4), stx_attributes (8) and stx_nlink (16).
        byte* result = stackalloc byte[256];
        int status = Libc.Statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_UID, result);
        return status == 0 ? *(uint*)(result + 20) : null;
    }

    /// <summary>Gives a path to a user and their primary group.</summary>
    /// <exception cref="OsException">Only root may give files away.</exception>
    public static void Give(string path, UserIdentity user) => OsException.Check(Libc.Chown(path, user.Uid, user.Gid), $"chown {path}");

    /// <summary>Gives a pty slave to the session's user: the terminals' group with mode 0620 where there is one, else 0600; never wider.</summary>
    /// <param name="slavePath">Path of the slave.</param>
    /// <param name="user">The session's user.</param>
    /// <param name="terminalGroup">Group <c>tty</c>; null where there is none.</param>
    /// <exception cref="OsException">Only root may give files away.</exception>
    public static void GiveSlave(string slavePath, UserIdentity user, uint? terminalGroup)
    {
        OsException.Check(Libc.Chmod(slavePath, 0x180), $"chmod {slavePath}"); // 0600 before it changes hands
        OsException.Check(Libc.Chown(slavePath, user.Uid, terminalGroup ?? user.Gid), $"chown {slavePath}");
        if (terminalGroup is not null) OsException.Check(Libc.Chmod(slavePath, 0x190), $"chmod {slavePath}"); // 0620
    }
}
