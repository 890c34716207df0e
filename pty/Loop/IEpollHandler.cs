namespace Sessiond.Pty;

/// <summary>Something whose descriptor a loop watches.</summary>
public interface IEpollHandler
{
    /// <summary>Runs on the loop's thread; must not block and must not throw.</summary>
    /// <param name="events">What the kernel reports.</param>
    void OnReady(EpollEvents events);

    /// <summary>Runs on the loop's thread when <see cref="OnReady"/> threw all the same: the registration is gone and the loop's owner was told.</summary>
    void OnFault(Exception exception)
    {
    }
}
