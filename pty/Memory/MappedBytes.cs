using System.Buffers;

namespace Sessiond.Pty;

/// <summary>A range of a memfd as <see cref="Memory{T}"/>. Pages that were never touched, or were given back, cost nothing.</summary>
public sealed unsafe class MappedBytes : MemoryManager<byte>
{
    private readonly SafeFd _fd;
    private readonly long _offset;
    private readonly int _length;
    private readonly byte* _start;

    private MappedBytes(SafeFd fd, long offset, int length, byte* start)
    {
        _fd = fd;
        _offset = offset;
        _length = length;
        _start = start;
    }

    /// <summary>Maps a range; the file must be as long, but may be empty there.</summary>
    /// <param name="fd">The memfd; it must stay open as long as pages are given back.</param>
    /// <param name="offset">First byte, a multiple of the page size.</param>
    /// <param name="length">Bytes, a multiple of the page size.</param>
    /// <exception cref="OsException">No address space.</exception>
    public static MappedBytes Map(SafeFd fd, long offset, int length)
    {
        byte* start = Libc.Mmap(null, length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_NORESERVE, fd.Value, offset);
        if ((nint)start == -1) OsException.Throw("map a memfd");
        return new MappedBytes(fd, offset, length, start);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_start, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Gives pages back: they are zero when they are next touched.</summary>
    /// <param name="position">First byte, a multiple of the page size.</param>
    /// <param name="length">Bytes, a multiple of the page size.</param>
    public void Punch(int position, int length) =>
        _ = Libc.Fallocate(_fd.Value, Libc.FALLOC_FL_PUNCH_HOLE_KEEP_SIZE, _offset + position, length);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Readers on other threads may still hold spans: the mapping goes with the process, its pages with the file.
    }
}
