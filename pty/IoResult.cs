namespace Sessiond.Pty;

/// <summary>What a non-blocking read or write came to when it moved no byte. Counts are positive.</summary>
public static class IoResult
{
    /// <summary>End of data: the other side is gone.</summary>
    public const int End = 0;

    /// <summary>Nothing can be moved now; epoll tells when.</summary>
    public const int WouldBlock = -1;
}
