using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>
/// Reaps the orphans that a subreaper adopts, and nobody else's child: a process that we spawned is left to whoever holds its pidfd.
/// </summary>
/// <remarks>
/// One thread that sleeps in waitid(2). WNOWAIT looks before it takes, so that a pid is compared while it cannot be used again.
/// </remarks>
public sealed unsafe class ChildReaper
{
    private readonly object _gate = new(); // guards _owned; a Monitor since the thread waits on it
    private readonly HashSet<int> _owned = [];

    private ChildReaper()
    {
    }

    /// <summary>Makes this process a subreaper, prctl(2), and starts the thread.</summary>
    public static ChildReaper Start()
    {
        _ = Libc.Prctl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        var reaper = new ChildReaper();
        new Thread(reaper.Run) { Name = "reaper", IsBackground = true }.Start();
        return reaper;
    }

    /// <summary>Spawns under the lock, so that the child cannot be looked up before it is known.</summary>
    internal T Own<T>(Func<(int Pid, T Result)> spawn)
    {
        lock (_gate)
        {
            (int pid, T result) = spawn();
            if (pid > 0) _owned.Add(pid);
            Monitor.PulseAll(_gate);
            return result;
        }
    }

    internal void Forget(int pid)
    {
        lock (_gate)
        {
            _owned.Remove(pid);
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        byte* info = stackalloc byte[Libc.SiginfoSize];
        while (true)
        {
            if (Libc.WaitId(Libc.P_ALL, 0, info, Libc.WEXITED | Libc.WNOWAIT) == 0)
            {
                Take(WaitStatus.PidOf(info));
                continue;
            }

            // ECHILD: without children there can be no orphan to come, until the next spawn.
            if (Marshal.GetLastPInvokeError() == Errno.ECHILD) WaitForSpawn();
        }
    }

    private void Take(int pid)
    {
        lock (_gate)
        {
            if (_owned.Contains(pid))
            {
                while (_owned.Contains(pid)) Monitor.Wait(_gate);
                return;
            }

            byte* ignored = stackalloc byte[Libc.SiginfoSize];
            _ = Libc.WaitId(Libc.P_PID, pid, ignored, Libc.WEXITED | Libc.WNOHANG);
        }
    }

    private void WaitForSpawn()
    {
        lock (_gate)
        {
            if (_owned.Count == 0) Monitor.Wait(_gate);
        }
    }
}
