using Sessiond.Pty;

namespace Sessiond.Cli.Output;

/// <summary>Writes to a standard fd. Unlike the console's stream it reports a reader that is gone.</summary>
internal sealed class FdStream(StandardFd fd) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => StandardIo.Write(fd, buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => StandardIo.Write(fd, buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        StandardIo.Write(fd, buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
