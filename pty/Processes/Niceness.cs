namespace Sessiond.Pty;

/// <summary>How much of the processor a thread leaves to others, sched(7). On Linux it is the thread's own, and that of threads that it starts.</summary>
public static class Niceness
{
    /// <summary>Makes the calling thread nicer. It cannot go back without privilege.</summary>
    /// <param name="by">Steps, 1 to 19; each gives up about a fifth of the share of the processor that is left.</param>
    public static void Raise(int by) => _ = Libc.Nice(by);
}
