using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>An owned file descriptor; closed once, whoever forgets it.</summary>
public sealed class SafeFd : SafeHandle
{
    /// <summary>Owns a descriptor.</summary>
    /// <param name="fd">A descriptor that nobody else closes.</param>
    public SafeFd(int fd) : base(-1, ownsHandle: true) => SetHandle(fd);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    internal int Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (int)handle;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
