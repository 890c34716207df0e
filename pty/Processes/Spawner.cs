namespace Sessiond.Pty;

/// <summary>Spawns programs as children of this process, beside a reaper of its own: for programs that are no holder.</summary>
/// <remarks>Any thread.</remarks>
public sealed class Spawner
{
    private readonly ChildReaper _reaper;
    private readonly string _ownBinary;

    /// <summary>Makes a spawner.</summary>
    /// <param name="reaper">Reaps what the children leave behind.</param>
    /// <param name="ownBinary">Path of this program, for becoming another user.</param>
    public Spawner(ChildReaper reaper, string ownBinary)
    {
        _reaper = reaper;
        _ownBinary = ownBinary;
    }

    /// <summary>Spawns a program. Blocks until it has executed or failed to.</summary>
    /// <exception cref="SpawnException">It could not be executed: no such file, permission denied, no such folder.</exception>
    /// <exception cref="OsException">The kernel has no process or descriptor to give.</exception>
    public ChildProcess Spawn(SpawnRequest request)
    {
        (ProgramStart start, ChildProcess child) = _reaper.Own(() =>
        {
            ProgramStart begun = ProgramStart.Begin(request, _ownBinary);
            // The child is unreaped, so its pid still means it.
            SafeFd pidFd = ChildProcess.OpenPidFd(begun.Pid) ?? throw new OsException($"pidfd_open of {begun.Pid}", Errno.ESRCH);
            return (begun.Pid, (begun, new ChildProcess(begun.Pid, pidFd, _reaper)));
        });
        using (start)
        {
            start.Wait();
            if (start.TryFinish(out string failure, out int errno)) return child;
            // The report is its last word, but it may take a moment to end after it.
            child.WaitAndReap();
            child.Dispose();
            throw new SpawnException(failure, errno);
        }
    }
}
