namespace Sessiond.Pty;

/// <summary>Something whose descriptor a loop watches.</summary>
public interface IEpollHandler
{
    /// <summary>Runs on the loop's thread; must not block and must not throw.</summary>
    /// <param name="events">What the kernel reports.</param>
    void OnReady(EpollEvents events);
}
