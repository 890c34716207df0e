using System.Buffers.Binary;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// What a session's program printed, in order, in a memfd: a header and a ring of the last raw bytes. A byte that was read from the pty is here before
/// anything else sees it, and its offset names it for good.
/// </summary>
/// <remarks>
/// One writer: the thread that drains the pty. Readers on other threads take what is below <see cref="Written"/> and check
/// <see cref="Oldest"/> again after they copied, since the writer does not wait for them.
/// </remarks>
public sealed class Journal
{
    /// <summary>Bytes of raw output that are kept: a screenful of anything, and seconds of a build, per session.</summary>
    public const int DefaultCapacity = 1 << 20;

    /// <summary>
    /// Bytes that one write may fill. They are what <see cref="Oldest"/> keeps away from, so that a reader of the oldest byte is never overtaken by
    /// a read(2) that is under way.
    /// </summary>
    public const int MaxWrite = 128 * 1024;

    /// <summary>One page: epoch (16 bytes of text), committed offset (8 bytes LE at 16).</summary>
    private const int HeaderLength = 4096;

    private const int OffsetPosition = 16;

    private readonly MirroredMemory _memory;
    private long _written;

    private Journal(MirroredMemory memory, string epoch)
    {
        _memory = memory;
        Epoch = epoch;
    }

    /// <summary>Names this life of the journal, <c>[0-9a-z]+</c>.</summary>
    public string Epoch { get; }

    /// <summary>Bytes written so far: the offset of the next one.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>The lowest offset that may be read.</summary>
    public long Oldest => Math.Max(0, Written - (_memory.RingLength - MaxWrite));

    /// <summary>Makes an empty journal.</summary>
    /// <param name="epoch">At most 16 characters of <c>[0-9a-z]</c>.</param>
    /// <param name="capacity">Bytes of the ring, a multiple of the page size and well above <see cref="MaxWrite"/>.</param>
    /// <exception cref="OsException">No memory.</exception>
    public static Journal Create(string epoch, int capacity = DefaultCapacity)
    {
        MirroredMemory memory = MirroredMemory.Create("sessiond-journal", HeaderLength, capacity);
        System.Text.Encoding.ASCII.GetBytes(epoch, memory.Header);
        return new Journal(memory, epoch);
    }

    /// <summary>Takes over the journal of a daemon that is gone.</summary>
    /// <param name="fd">Its memfd; the journal's from here on.</param>
    /// <param name="capacity">As it was made.</param>
    /// <exception cref="OsException">No address space.</exception>
    public static Journal Adopt(SafeFd fd, int capacity = DefaultCapacity)
    {
        MirroredMemory memory = MirroredMemory.Map(fd, HeaderLength, capacity);
        string epoch = System.Text.Encoding.ASCII.GetString(memory.Header[..OffsetPosition]).TrimEnd('\0');
        return new Journal(memory, epoch) { _written = BinaryPrimitives.ReadInt64LittleEndian(memory.Header[OffsetPosition..]) };
    }

    /// <summary>The memfd, for whoever keeps it.</summary>
    public SafeFd Fd => _memory.Fd;

    /// <summary>Where the next bytes go. Writer's thread.</summary>
    /// <param name="length">Bytes, at most <see cref="MaxWrite"/>.</param>
    public Span<byte> WriteSpan(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxWrite);
        return _memory.Ring(_written, length);
    }

    /// <summary>Makes bytes that were put into <see cref="WriteSpan"/> part of the journal. Writer's thread.</summary>
    public void Commit(int count)
    {
        long written = _written + count;
        BinaryPrimitives.WriteInt64LittleEndian(_memory.Header[OffsetPosition..], written);
        Volatile.Write(ref _written, written);
    }

    /// <summary>Appends bytes that sessiond adds itself. Writer's thread.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(WriteSpan(bytes.Length));
        Commit(bytes.Length);
    }

    /// <summary>Bytes of the ring. Those of an offset below <see cref="Oldest"/> may already be others.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes; offset + length is at most <see cref="Written"/>.</param>
    public ReadOnlySpan<byte> Read(long offset, int length) => _memory.Ring(offset, length);

    /// <summary>Gives the memory back. Readers that are still under way see zeroes; the mapping goes with the last of them. Any thread.</summary>
    public void Discard() => _memory.Discard();
}
