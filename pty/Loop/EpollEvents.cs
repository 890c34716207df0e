namespace Sessiond.Pty;

/// <summary>Readiness, epoll_ctl(2).</summary>
[Flags]
public enum EpollEvents : uint
{
    /// <summary>Nothing is asked for; errors and hang-ups are reported all the same.</summary>
    None = 0,

    /// <summary>EPOLLIN.</summary>
    Readable = 0x001,

    /// <summary>EPOLLPRI: of a cgroup's file, that it has changed.</summary>
    Priority = 0x002,

    /// <summary>EPOLLOUT.</summary>
    Writable = 0x004,

    /// <summary>EPOLLERR; cannot be masked.</summary>
    Error = 0x008,

    /// <summary>EPOLLHUP; cannot be masked.</summary>
    HangUp = 0x010,

    /// <summary>EPOLLRDHUP: the peer shut down its writing half.</summary>
    PeerClosed = 0x2000,
}
