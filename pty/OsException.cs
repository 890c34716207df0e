using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>A system call failed in a way that the caller did not expect.</summary>
public sealed class OsException : IOException
{
    /// <summary>Makes the exception for a failed call.</summary>
    /// <param name="call">What was tried, on what: <c>open /dev/ptmx</c>.</param>
    /// <param name="errno">The errno value.</param>
    public OsException(string call, int errno) : base($"{call}: {Pty.Errno.Describe(errno)} (errno {errno})")
    {
        Errno = errno;
    }

    /// <summary>The errno value.</summary>
    public int Errno { get; }

    [DoesNotReturn]
    internal static void Throw(string call) => throw new OsException(call, Marshal.GetLastPInvokeError());

    /// <summary>Throws with the last errno when a call returned a negative number.</summary>
    internal static int Check(int result, string call)
    {
        if (result < 0) Throw(call);
        return result;
    }
}
