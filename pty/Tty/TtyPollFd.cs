using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary><c>struct pollfd</c> of poll.h: 8 bytes on every architecture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TtyPollFd
{
    public int Fd;
    public short Events;
    public short Returned;
}
