using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Process groups by number.</summary>
public static class ProcessGroups
{
    /// <summary>True while the group has a member, kill(2) with signal 0.</summary>
    public static bool Exists(int group) =>
        group > 0 && (Libc.Kill(-group, 0) == 0 || Marshal.GetLastPInvokeError() != Errno.ESRCH);
}
