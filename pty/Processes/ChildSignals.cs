namespace Sessiond.Pty;

/// <summary>What this process does about the end of its children.</summary>
public static class ChildSignals
{
    private const int SIGCHLD = 17;

    /// <summary>
    /// Sets SIGCHLD back to its default. Where it was inherited as ignored the kernel reaps children by itself and their exit status is lost, wait(2).
    /// </summary>
    public static void Restore() => Libc.Signal(SIGCHLD, 0);
}
