using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>The program that daemons are started from, whatever lies at its path by now.</summary>
internal sealed record DaemonBinary(SafeFd Fd, string Path)
{
    /// <summary>The path under which a child executes it.</summary>
    internal string ExecutablePath => OpenFiles.PathOf(Fd);
}
