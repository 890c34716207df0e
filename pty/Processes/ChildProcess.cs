using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>A process that we spawned, held by its pidfd: a signal never reaches a stranger that got its number.</summary>
public sealed unsafe class ChildProcess : IDisposable
{
    private readonly ChildReaper _reaper;
    private int _reaped;

    internal ChildProcess(int pid, SafeFd pidFd, ChildReaper reaper)
    {
        Pid = pid;
        PidFd = pidFd;
        _reaper = reaper;
    }

    /// <summary>Its pid; of a session leader also its session id and first process group.</summary>
    public int Pid { get; }

    /// <summary>Readable in epoll once the process ended, pidfd_open(2).</summary>
    public SafeFd PidFd { get; }

    /// <summary>Takes the exit status. Once, after <see cref="PidFd"/> became readable.</summary>
    /// <exception cref="InvalidOperationException">It was taken before.</exception>
    /// <exception cref="OsException">The process has not ended.</exception>
    public ExitStatus Reap() => Reap(WaitStatus.Take);

    /// <summary>Waits for the end of a process that said it is about to end, and takes its exit status.</summary>
    internal ExitStatus WaitAndReap() => Reap(WaitStatus.Wait);

    private ExitStatus Reap(Func<int, int, ExitStatus> take)
    {
        if (Interlocked.Exchange(ref _reaped, 1) != 0) throw new InvalidOperationException($"pid {Pid} was reaped before");
        try
        {
            return take(Libc.P_PIDFD, PidFd.Value);
        }
        finally
        {
            _reaper.Forget(Pid);
        }
    }

    /// <summary>Sends a signal to this process alone; false when it has ended.</summary>
    public bool Signal(int signal) =>
        Libc.Syscall(Libc.SYS_pidfd_send_signal, PidFd.Value, signal, 0, 0) == 0;

    /// <summary>Sends a signal to its process group; false when the leader was reaped, since the number may be another's then.</summary>
    public bool SignalGroup(int signal) => Volatile.Read(ref _reaped) == 0 && Libc.Kill(-Pid, signal) == 0;

    /// <inheritdoc/>
    public void Dispose() => PidFd.Dispose();

    /// <summary>Opens a pidfd; null when there is no such process.</summary>
    internal static SafeFd? OpenPidFd(int pid)
    {
        nint fd = Libc.Syscall(Libc.SYS_pidfd_open, pid, 0, 0, 0);
        if (fd >= 0) return new SafeFd((int)fd);
        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ESRCH ? null : throw new OsException($"pidfd_open of {pid}", errno);
    }
}
