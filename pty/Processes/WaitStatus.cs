namespace Sessiond.Pty;

/// <summary>waitid(2) and what it writes into siginfo_t for SIGCHLD.</summary>
internal static unsafe class WaitStatus
{
    // si_code of SIGCHLD, bits/siginfo-consts.h
    private const int CLD_EXITED = 1;

    /// <summary>Reaps one process that has ended.</summary>
    internal static ExitStatus Take(int idType, int id) => Take(idType, id, Libc.WNOHANG);

    /// <summary>Waits for the end of a process that is about to end, and reaps it.</summary>
    internal static ExitStatus Wait(int idType, int id) => Take(idType, id, 0);

    private static ExitStatus Take(int idType, int id, int options)
    {
        byte* info = stackalloc byte[Libc.SiginfoSize];
        new Span<byte>(info, Libc.SiginfoSize).Clear();
        while (Libc.WaitId(idType, id, info, Libc.WEXITED | options) != 0)
        {
            int errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR) throw new OsException("waitid", errno);
        }

        if (PidOf(info) == 0) throw new OsException("waitid: the process has not ended", Errno.EAGAIN);
        return StatusOf(info);
    }

    internal static ExitStatus StatusOf(byte* info)
    {
        int code = *(int*)(info + 8);
        int status = *(int*)(info + 24);
        return code == CLD_EXITED ? new ExitStatus(status, null) : new ExitStatus(null, status);
    }

    internal static int PidOf(byte* info) => *(int*)(info + 16);
}
