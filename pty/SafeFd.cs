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

    /// <summary>Another descriptor of the same open file, dup(2), CLOEXEC.</summary>
    /// <exception cref="OsException">There are as many as RLIMIT_NOFILE allows.</exception>
    public SafeFd Duplicate() => new(OsException.Check(Libc.DupCloseOnExec(Value), "dup"));

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
