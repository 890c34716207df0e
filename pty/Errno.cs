using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>errno values that decide something here (asm-generic/errno-base.h, errno.h), and their words.</summary>
public static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int ENOEXEC = 8;
    internal const int ECHILD = 10;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int ENOTDIR = 20;
    internal const int EISDIR = 21;
    internal const int ENOSPC = 28;
    internal const int EMFILE = 24;
    internal const int ENOBUFS = 105;
    internal const int ETOOMANYREFS = 109;
    internal const int ECONNREFUSED = 111;

    /// <summary>The message of an errno value, in lower case where it starts a clause of ours.</summary>
    public static string Describe(int errno) => errno switch
    {
        ENOENT => "no such file",
        EACCES => "permission denied",
        ENOEXEC => "not an executable format",
        ENOTDIR => "not a folder",
        _ => Marshal.GetPInvokeErrorMessage(errno),
    };
}
