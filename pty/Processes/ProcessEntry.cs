namespace Sessiond.Pty;

/// <summary>One line of the process table, proc_pid_stat(5).</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Parent">Parent's pid.</param>
/// <param name="Group">Process group.</param>
/// <param name="Session">Session id.</param>
/// <param name="StartTicks">Start, clock ticks after boot: with the pid it names one process for good.</param>
/// <param name="IsZombie">True once it has ended and waits to be reaped.</param>
public readonly record struct ProcessEntry(int Pid, int Parent, int Group, int Session, long StartTicks, bool IsZombie)
{
    /// <summary>True while a signal has it stopped, or a debugger.</summary>
    public bool IsStopped { get; init; }
}
