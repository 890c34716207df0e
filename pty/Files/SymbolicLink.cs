using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Symbolic links that others follow while they change.</summary>
public static class SymbolicLink
{
    private const int EEXIST = 17; // errno(3)

    /// <summary>Has a link lead to another target, in one step: at no moment is there none. Whatever else lies at its path is replaced too.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">Where it leads to; need not exist.</param>
    /// <exception cref="OsException">The folder is not there, or not writable.</exception>
    public static void Replace(string path, string target)
    {
        string draft = path + ".new";
        if (Libc.Symlink(target, draft) != 0)
        {
            if (Marshal.GetLastPInvokeError() != EEXIST) OsException.Throw($"symlink {draft}");
            // Of a daemon that was killed between the two steps.
            OsException.Check(Libc.Unlink(draft), $"unlink {draft}");
            OsException.Check(Libc.Symlink(target, draft), $"symlink {draft}");
        }

        OsException.Check(Libc.Rename(draft, path), $"rename {draft}");
    }
}
