using System.Diagnostics;
using Sessiond.Pty;

namespace Sessiond.Daemon.Attach;

/// <summary>
/// How much the kernel keeps for a client: what it takes in a moment. Whatever waits there stands before the echo of every key, and cannot be skipped any more when the key
/// was ^C; a quick client on the other hand needs a large buffer to stay busy.
/// </summary>
/// <remarks>Loop's thread.</remarks>
internal sealed class SocketPace
{
    /// <summary>SO_SNDBUF in bytes, which the kernel doubles: what keeps the quickest client busy.</summary>
    private const int Most = 128 * 1024;

    /// <summary>For a client of which nothing is known yet: a quick one shows itself within a millisecond.</summary>
    private const int First = 32 * 1024;

    /// <summary>For the slowest; a screen of text in colours is as large.</summary>
    private const int Least = 6 * 1024;

    /// <summary>Seconds of a client's own pace that wait for it: a fifth of what may pass between ^C and a prompt that comes at once (100 ms).</summary>
    private const double Moment = 0.020;

    private readonly StreamSocket _socket;
    private int _size = First;
    private long _fullAt;
    private long _fullOf;

    internal SocketPace(StreamSocket socket)
    {
        _socket = socket;
        socket.SetSendBuffer(First);
    }

    /// <summary>Bytes that a message should not exceed, up to a limit: the rest of one that the socket does not take waits as well.</summary>
    internal int PayloadUpTo(int limit) => _size == Most ? limit : Math.Min(limit, _size);

    /// <summary>The socket takes no more.</summary>
    internal void OnFull()
    {
        _fullAt = Stopwatch.GetTimestamp();
        _fullOf = _socket.Unsent;
    }

    /// <summary>The socket takes some again: how quickly it came to that is the client's pace.</summary>
    internal void OnWritable()
    {
        long left = _socket.Unsent;
        double seconds = Stopwatch.GetElapsedTime(_fullAt).TotalSeconds;
        // The kernel counts what it keeps in the doubled measure of what it was told.
        double wanted = Math.Max(0, _fullOf - left) / seconds * (Moment + _socket.RoundTrip.TotalSeconds) / 2;
        // Who has taken everything may have waited for us: it is at least as quick as it seems.
        if (left == 0) wanted = Math.Max(wanted, _size);
        // Half at most is taken away at once: a client may have been held up for once.
        int size = (int)Math.Clamp(wanted, Math.Max(Least, _size / 2), Most);
        if (size == _size) return;
        _size = size;
        _socket.SetSendBuffer(size);
    }
}
