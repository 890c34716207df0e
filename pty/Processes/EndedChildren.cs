namespace Sessiond.Pty;

/// <summary>Reaps whatever child has ended, adopted orphans too: for the one process that does nothing else about its children.</summary>
public static unsafe class EndedChildren
{
    /// <summary>Makes this process the one that orphans below it are given to, prctl(2).</summary>
    public static void BecomeSubreaper() => _ = Libc.Prctl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);

    /// <summary>Takes one that has ended; false when none has.</summary>
    public static bool TryReap(out int pid, out ExitStatus status)
    {
        byte* info = stackalloc byte[Libc.SiginfoSize];
        new Span<byte>(info, Libc.SiginfoSize).Clear();
        (pid, status) = (0, default);
        if (Libc.WaitId(Libc.P_ALL, 0, info, Libc.WEXITED | Libc.WNOHANG) != 0) return false;
        pid = WaitStatus.PidOf(info);
        if (pid != 0) status = WaitStatus.StatusOf(info);
        return pid != 0;
    }

    /// <summary>Signals a process group; the caller knows that its leader is an unreaped child.</summary>
    public static bool SignalGroup(int leader, int signal) => leader > 1 && Libc.Kill(-leader, signal) == 0;

    /// <summary>Signals an unreaped child.</summary>
    public static bool Signal(int child, int signal) => child > 1 && Libc.Kill(child, signal) == 0;
}
