
namespace Sessiond.Pty;

/// <summary>Runs a command on the user's own terminal and waits for it, as a shell does.</summary>
public static unsafe class ForegroundCommand
{
    private const string Shell = "/bin/sh";

    /// <summary>Runs <c>sh -c</c> with this process's standard fds, environment and folder. Blocks until it ends.</summary>
    /// <exception cref="OsException">It cannot be started.</exception>
    public static ExitStatus Run(string command)
    {
        // In this process's session and group: it is in the terminal's foreground and gets its signals.
        using var call = new SpawnCall(newSession: false);
        using var argv = new NativeStrings([Shell, "-c", command]);
        using var variables = NativeStrings.OfEnvironment(OwnEnvironment.Read());
        int errno = call.Run(Shell, argv, variables, out int pid);
        if (errno != 0) throw new OsException($"spawn {Shell}", errno);
        using SafeFd pidFd = ChildProcess.OpenPidFd(pid) ?? throw new OsException($"pidfd_open of {pid}", Errno.ESRCH);

        const short Readable = 1;
        var ended = new TtyPollFd { Fd = pidFd.Value, Events = Readable };
        while (Libc.PollTty(&ended, 1, -1) < 0)
        {
            int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            if (error != Errno.EINTR) throw new OsException("poll", error);
        }

        return WaitStatus.Take(Libc.P_PIDFD, pidFd.Value);
    }
}
