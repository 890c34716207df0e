namespace Sessiond.Daemon.Logs;

/// <summary>A file that is put aside when it is full; the newest ones stay: <c>NAME.log</c>, <c>NAME.1.log</c> and so on. A disk that fails costs lines and nothing else.</summary>
/// <param name="folder">Where it is, made when absent.</param>
/// <param name="name">Its name without extension.</param>
/// <param name="maxSize">Bytes of one file.</param>
/// <param name="keep">Files beside the current one.</param>
internal sealed class RotatingFile(string folder, string name, long maxSize, int keep) : Stream
{
    private FileStream? _file;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _file ??= Open();
            if (_file.Length + buffer.Length > maxSize && _file.Length > 0) _file = Rotate();
            _file.Write(buffer);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _file?.Dispose();
        base.Dispose(disposing);
    }

    private string PathOf(int age) => Path.Combine(folder, age == 0 ? $"{name}.log" : $"{name}.{age}.log");

    private FileStream Open()
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new FileStream(PathOf(0), new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        });
    }

    private FileStream Rotate()
    {
        _file!.Dispose();
        _file = null;
        for (int age = keep; age >= 0; age--)
        {
            if (!File.Exists(PathOf(age))) continue;
            if (age == keep) File.Delete(PathOf(age));
            else File.Move(PathOf(age), PathOf(age + 1), overwrite: true);
        }

        return Open();
    }
}
