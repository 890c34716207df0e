namespace Sessiond.Pty;

/// <summary>A pipe that takes a program's output, pipe(7): the reading end does not block, the writing end is for <see cref="SpawnRequest.Output"/>.</summary>
public sealed unsafe class OutputPipe : IDisposable
{
    private OutputPipe(SafeFd readEnd, SafeFd? writeEnd)
    {
        ReadEnd = readEnd;
        WriteEnd = writeEnd;
    }

    /// <summary>Readable in epoll when there is output, or when every writer is gone.</summary>
    public SafeFd ReadEnd { get; }

    /// <summary>Null once it is closed here.</summary>
    public SafeFd? WriteEnd { get; private set; }

    /// <summary>Makes a pipe.</summary>
    /// <exception cref="OsException">No descriptors.</exception>
    public static OutputPipe Create()
    {
        int* fds = stackalloc int[2];
        OsException.Check(Libc.Pipe2(fds, Libc.O_CLOEXEC), "pipe2");
        var pipe = new OutputPipe(new SafeFd(fds[0]), new SafeFd(fds[1]));
        // The writing end must block: a program that meets EAGAIN on its standard output gives up.
        OsException.Check(Libc.SetNonBlocking(fds[0]), "fcntl");
        return pipe;
    }

    /// <summary>Goes on with the reading end of such a pipe.</summary>
    public static OutputPipe Adopt(SafeFd readEnd) => new(readEnd, null);

    /// <summary>The program has its own: the end of the last writer is seen from here on.</summary>
    public void CloseWriteEnd()
    {
        WriteEnd?.Dispose();
        WriteEnd = null;
    }

    /// <summary>Reads what is there: bytes, <see cref="IoResult.End"/> or <see cref="IoResult.WouldBlock"/>.</summary>
    public int Read(Span<byte> buffer) => NonBlocking.Read(ReadEnd, buffer);

    /// <inheritdoc/>
    public void Dispose()
    {
        ReadEnd.Dispose();
        CloseWriteEnd();
    }
}
