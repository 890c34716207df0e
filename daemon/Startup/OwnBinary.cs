using Sessiond.Pty;

namespace Sessiond.Daemon.Startup;

/// <summary>Tells whether the binary on disk is still the one that runs.</summary>
internal sealed class OwnBinary
{
    /// <summary>What the kernel adds to the name of a file that is no longer there, proc_pid_exe(5).</summary>
    private const string Gone = " (deleted)";

    private readonly string _path;
    private readonly FileIdentity? _running = FileIdentity.Of("/proc/self/exe");

    internal OwnBinary()
    {
        string path = Environment.ProcessPath ?? "";
        _path = path.EndsWith(Gone, StringComparison.Ordinal) ? path[..^Gone.Length] : path;
    }

    /// <summary>True when another file lies at its path now. Any thread.</summary>
    internal bool IsOutdated => FileIdentity.Of(_path) is { } onDisk && onDisk != _running;
}
