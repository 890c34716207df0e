namespace Sessiond.Pty;

/// <summary>
/// A memfd mapped as a header followed by a ring that is mapped twice in a row, so that any range of the ring up to its size is
/// contiguous. Pages that were never touched cost nothing.
/// </summary>
/// <remarks>The memory is shared with every process that maps the same descriptor; who may write what is the caller's matter.</remarks>
public sealed unsafe class MirroredMemory : IDisposable
{
    private readonly nint _mappedLength;
    private byte* _start;

    private MirroredMemory(SafeFd fd, byte* start, int headerLength, int ringLength)
    {
        Fd = fd;
        _start = start;
        HeaderLength = headerLength;
        RingLength = ringLength;
        _mappedLength = (nint)headerLength + 2 * (nint)ringLength;
    }

    /// <summary>Unmaps what was forgotten.</summary>
    ~MirroredMemory() => Unmap();

    /// <summary>The memfd.</summary>
    public SafeFd Fd { get; }

    /// <summary>Bytes of the header, a multiple of the page size.</summary>
    public int HeaderLength { get; }

    /// <summary>Bytes of the ring, a multiple of the page size.</summary>
    public int RingLength { get; }

    /// <summary>The header.</summary>
    public Span<byte> Header
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return new Span<byte>(_start, HeaderLength);
        }
    }

    /// <summary>Makes a memfd and maps it.</summary>
    /// <param name="name">Shown in /proc/PID/maps.</param>
    /// <param name="headerLength">Bytes, a multiple of the page size.</param>
    /// <param name="ringLength">Bytes, a multiple of the page size.</param>
    /// <param name="moreLength">Bytes of the file behind the ring, for others to map.</param>
    /// <exception cref="OsException">No memory or no address space.</exception>
    public static MirroredMemory Create(string name, int headerLength, int ringLength, long moreLength = 0)
    {
        var fd = new SafeFd(OsException.Check(Libc.MemfdCreate(name, Libc.MFD_CLOEXEC), "memfd_create"));
        try
        {
            OsException.Check(Libc.Ftruncate(fd.Value, headerLength + ringLength + moreLength), "ftruncate of a memfd");
            return Map(fd, headerLength, ringLength);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Maps an existing memfd.</summary>
    /// <exception cref="OsException">No address space.</exception>
    public static MirroredMemory Map(SafeFd fd, int headerLength, int ringLength)
    {
        nint length = (nint)headerLength + 2 * (nint)ringLength;
        int reserve = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE;
        byte* start = Libc.Mmap(null, length, Libc.PROT_NONE, reserve, -1, 0);
        if ((nint)start == -1) OsException.Throw("reserve address space");
        int shared = Libc.MAP_SHARED | Libc.MAP_FIXED;
        const int access = Libc.PROT_READ | Libc.PROT_WRITE;
        byte* first = Libc.Mmap(start, (nint)headerLength + ringLength, access, shared, fd.Value, 0);
        byte* second = Libc.Mmap(start + headerLength + ringLength, ringLength, access, shared, fd.Value, headerLength);
        if ((nint)first == -1 || (nint)second == -1)
        {
            var failure = new OsException("map a memfd", System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
            _ = Libc.Munmap(start, length);
            throw failure;
        }

        return new MirroredMemory(fd, start, headerLength, ringLength);
    }

    /// <summary>A contiguous view of the ring.</summary>
    /// <param name="position">Absolute position; taken modulo the ring's length.</param>
    /// <param name="length">Bytes, at most the ring's length.</param>
    public Span<byte> Ring(long position, int length)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)RingLength);
        return new Span<byte>(_start + HeaderLength + position % RingLength, length);
    }

    /// <summary>Gives the pages of the whole file back and keeps the mapping: whoever still reads sees zeroes. Any thread.</summary>
    public void Discard() =>
        _ = Libc.Fallocate(Fd.Value, Libc.FALLOC_FL_PUNCH_HOLE_KEEP_SIZE, 0, long.MaxValue & ~4095L);

    /// <inheritdoc/>
    public void Dispose()
    {
        Unmap();
        Fd.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Unmap()
    {
        if (_start is null) return;
        _ = Libc.Munmap(_start, _mappedLength);
        _start = null;
    }
}
