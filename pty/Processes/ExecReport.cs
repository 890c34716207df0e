using System.Buffers.Binary;
using System.Text;

namespace Sessiond.Pty;

/// <summary>A CLOEXEC pipe that tells whether a child that prepares itself came as far as exec: nothing and an end, or errno and message.</summary>
internal sealed unsafe class ExecReport : IDisposable
{
    private ExecReport(SafeFd readEnd, SafeFd writeEnd)
    {
        ReadEnd = readEnd;
        WriteEnd = writeEnd;
    }

    internal SafeFd ReadEnd { get; }

    internal SafeFd WriteEnd { get; }

    internal static ExecReport Create()
    {
        int* fds = stackalloc int[2];
        OsException.Check(Libc.Pipe2(fds, Libc.O_CLOEXEC), "pipe2");
        var report = new ExecReport(new SafeFd(fds[0]), new SafeFd(fds[1]));
        // Whoever has a loop to turn must not wait here for a child that keeps the other end.
        OsException.Check(Libc.SetNonBlocking(fds[0]), "fcntl");
        return report;
    }

    /// <summary>In the child: says why there will be no exec.</summary>
    internal static void Send(int fd, int errno, string message)
    {
        byte[] text = Encoding.UTF8.GetBytes(message);
        byte[] report = new byte[4 + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(report, errno);
        text.CopyTo(report, 4);
        fixed (byte* start = report) _ = Libc.Write(fd, start, report.Length);
    }

    /// <summary>In the parent: false when the child said that it could not execute its program. Does not wait.</summary>
    internal bool HasExecuted(out string failure, out int errno)
    {
        WriteEnd.Dispose();
        // PIPE_BUF, pipe(7): a report is one atomic write of at most 4096 bytes.
        Span<byte> buffer = stackalloc byte[4096];
        int count = NonBlocking.Read(ReadEnd, buffer);
        failure = count > 4 ? Encoding.UTF8.GetString(buffer[4..count]) : "";
        errno = count > 4 ? BinaryPrimitives.ReadInt32LittleEndian(buffer) : 0;
        return count <= 0;
    }

    public void Dispose()
    {
        ReadEnd.Dispose();
        WriteEnd.Dispose();
    }
}
