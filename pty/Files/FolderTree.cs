using System.Runtime.InteropServices;
using System.Text;

namespace Sessiond.Pty;

/// <summary>
/// Deletes trees that belong to others, who may change them meanwhile: entry by entry in folders that are held open, openat(2) and unlinkat(2), so that a folder which turns into
/// a link leads nowhere.
/// </summary>
public static unsafe class FolderTree
{
    /// <summary>Folders that are open at a time; what lies deeper is moved to the top and goes with the next pass. More than people nest; descriptors are for terminals.</summary>
    private const int MaxDepth = 64;

    /// <summary>Passes over a tree that somebody fills again meanwhile, or nested that often times <see cref="MaxDepth"/>.</summary>
    private const int MaxPasses = 1000;

    /// <summary>Offset of d_name in struct dirent, readdir(3): behind d_ino (8), d_off (8), d_reclen (2) and d_type (1) on 64-bit Linux, glibc and musl.</summary>
    private const int NameOffset = 19;

    /// <summary>Deletes a folder with all that is in it. What cannot be deleted, stays. Blocks as long as that takes.</summary>
    /// <param name="path">The folder; those around it must be in nobody else's hands.</param>
    /// <returns>Whether there is no such folder any more.</returns>
    public static bool Delete(string path)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(path), 0];
        fixed (byte* whole = name, itself = "."u8) // the literal ends with a NUL
        {
            for (int pass = 0; pass < MaxPasses; pass++)
            {
                int fd = Open(Libc.AT_FDCWD, whole);
                if (fd < 0) return Marshal.GetLastPInvokeError() == Errno.ENOENT;
                using var top = new SafeFd(fd);
                int gone = Empty(fd, itself, fd, 0);
                if (Libc.UnlinkAt(Libc.AT_FDCWD, whole, Libc.AT_REMOVEDIR) == 0) return true;
                if (gone == 0) return false;
            }
        }

        return false;
    }

    /// <summary>Empties a folder.</summary>
    /// <param name="parent">The folder that it is in.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="top">Where to what is too deep is moved.</param>
    /// <param name="depth">Folders above it.</param>
    /// <returns>Entries that went away.</returns>
    private static int Empty(int parent, byte* name, int top, int depth)
    {
        int fd = Open(parent, name);
        if (fd < 0) return 0;
        nint folder = Libc.OpenFolderStream(fd);
        if (folder == 0)
        {
            Libc.Close(fd);
            return 0;
        }

        int gone = 0;
        while (Libc.ReadFolder(folder) is var entry and not null)
        {
            byte* child = entry + NameOffset;
            if (!IsDots(child) && Delete(fd, child, top, depth, ref gone)) gone++;
        }

        Libc.CloseFolderStream(folder);
        return gone;
    }

    private static int Open(int parent, byte* name) =>
        Libc.OpenAt(parent, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);

    private static bool IsDots(byte* name) => name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));

    private static bool Delete(int fd, byte* child, int top, int depth, ref int gone)
    {
        if (Libc.UnlinkAt(fd, child, 0) == 0) return true;
        if (Marshal.GetLastPInvokeError() != Errno.EISDIR) return false;
        if (Libc.UnlinkAt(fd, child, Libc.AT_REMOVEDIR) == 0) return true;
        if (depth + 1 < MaxDepth)
        {
            gone += Empty(fd, child, top, depth + 1);
            return Libc.UnlinkAt(fd, child, Libc.AT_REMOVEDIR) == 0;
        }

        byte[] draft = [.. Encoding.ASCII.GetBytes($".deep-{Guid.NewGuid():N}"), 0];
        fixed (byte* free = draft) return Libc.RenameAt(fd, child, top, free) == 0;
    }
}
