using Sessiond.Pty;

namespace Sessiond.Bench;

/// <summary>A program on a pty of the harness: the raw pty itself, or a client (attach, tmux, dtach) as a person would run it.</summary>
internal sealed class PtyWatcher : IWatcher
{
    /// <summary>More than the kernel hands over at once, pty(7).</summary>
    private readonly byte[] _buffer = new byte[65536];

    private readonly PtyMaster _master;
    private readonly ChildProcess _child;

    internal PtyWatcher(PtyMaster master, ChildProcess child)
    {
        _master = master;
        _child = child;
    }

    internal int Pid => _child.Pid;

    public ReadOnlySpan<byte> Read()
    {
        while (true)
        {
            int count = _master.Read(_buffer);
            if (count > 0) return _buffer.AsSpan(0, count);
            if (count == IoResult.End) return default;
            Libc.AwaitReadable(_master.Fd);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = _master.Write(bytes);
            if (count > 0) bytes = bytes[count..];
            else if (count == IoResult.WouldBlock) Libc.AwaitWritable(_master.Fd);
            else throw new IOException("the pty is gone");
        }
    }

    /// <summary>Reads to the end and takes the exit status.</summary>
    internal ExitStatus ReadToEnd()
    {
        while (!Read().IsEmpty)
        {
        }

        return Reap();
    }

    /// <summary>Sends a signal to the program alone.</summary>
    internal void Signal(int signal) => _child.Signal(signal);

    /// <summary>Whether the program ends within a time.</summary>
    internal bool HasEnded(int milliseconds) => Libc.IsReadable(_child.PidFd, milliseconds);

    /// <summary>Ends the program; what it printed is still to be read. Any thread.</summary>
    internal void Kill() => _child.SignalGroup(SignalNames.Kill);

    public void Dispose()
    {
        if (!_child.PidFd.IsClosed && _child.Signal(SignalNames.Kill)) Reap();
        _master.Dispose();
        _child.Dispose();
    }

    private ExitStatus Reap()
    {
        Libc.AwaitReadable(_child.PidFd);
        return _child.Reap();
    }
}
