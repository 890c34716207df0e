namespace Sessiond.Pty.Tests;

/// <summary>Waits for one descriptor with the loop under test.</summary>
internal static class Poll
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    internal static bool Readable(SafeFd fd)
    {
        using var loop = new EpollLoop("poll", _ => { });
        using var ready = new ManualResetEventSlim();
        loop.Post(() => loop.Register(fd, EpollEvents.Readable, new Once(loop, ready)));
        return ready.Wait(Limit);
    }

    private sealed class Once(EpollLoop loop, ManualResetEventSlim ready) : IEpollHandler
    {
        public void OnReady(EpollEvents events)
        {
            // Level-triggered: one event is enough, the loop is disposed next.
            if (!ready.IsSet) ready.Set();
            _ = loop;
        }
    }
}
