using System.Buffers.Binary;
using System.Text;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// What a session's program printed, in order, and the latest checkpoint of its terminal: a memfd with a header, a ring of the last raw bytes, and blocks. A byte that was
/// read from the pty is here before anything else sees it, and its offset names it for good. Every step is such that whoever maps the memfd next, after a kill at
/// any moment, finds a consistent whole.
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

    /// <summary>Bytes that one read(2) may fill: what is kept zero in front of it, and what an insertion can move.</summary>
    public const int MaxRead = 16 * 1024;

    /// <summary>Bytes that can be added at once.</summary>
    public const int MaxAdded = 8 * 1024;

    /// <summary>Bytes of blocks where nobody asks for another number; nothing is used of them before it is needed.</summary>
    private const int DefaultBlockBytes = 64 << 20;

    // The header: 8-byte numbers but for the epoch's text, each changed by one aligned store.
    private const int HeaderLength = 32 * 1024;
    private const int EpochLength = 16;
    private const int WrittenAt = 16;
    private const int EffectsAt = 24;
    private const int ZeroedAt = 32;
    private const int InsertionAt = 40; // 1 while one is under way, then its offset, and the lengths of what is added and moved
    private const int BlockBytesAt = 72;
    private const int SlotsAt = 80; // two: sequence, position, length, offset
    private const int SlotLength = 32;
    private const int AddedAt = 4096;
    private const int MovedAt = AddedAt + MaxAdded;

    private readonly MirroredMemory _memory;
    private long _written;
    private long _zeroed;
    private long _sequence;

    private Journal(MirroredMemory memory, int blockBytes)
    {
        _memory = memory;
        Epoch = Encoding.ASCII.GetString(memory.Header[..EpochLength]).TrimEnd('\0');
        Blocks = new BlockStore(MappedBytes.Map(memory.Fd, HeaderLength + (long)memory.RingLength, blockBytes));
    }

    /// <summary>Names this life of the journal, <c>[0-9a-z]+</c>.</summary>
    public string Epoch { get; }

    /// <summary>Bytes written so far: the offset of the next one.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>The offset of the first byte that was ever written.</summary>
    public long First { get; private init; }

    /// <summary>The lowest offset that may be read.</summary>
    public long Oldest => Math.Max(First, Written - (_memory.RingLength - MaxWrite));

    /// <summary>Effects of bytes below were made, or were about to be made, by a daemon that may be gone.</summary>
    public long Effects => Get(EffectsAt);

    /// <summary>The offset at which the latest checkpoint stands; 0 without one. What is above must stay in the ring.</summary>
    public long Covered { get; private set; }

    /// <summary>The latest checkpoint as it was found; empty: there is none.</summary>
    public ReadOnlyMemory<byte> Checkpoint { get; private set; }

    /// <summary>Memory that lives as long as the journal.</summary>
    public BlockStore Blocks { get; }

    /// <summary>The memfd, for whoever keeps it.</summary>
    public SafeFd Fd => _memory.Fd;

    /// <summary>Makes an empty journal.</summary>
    /// <param name="epoch">At most 16 characters of <c>[0-9a-z]</c>.</param>
    /// <param name="capacity">Bytes of the ring, a multiple of the page size and well above <see cref="MaxWrite"/>.</param>
    /// <param name="blockBytes">Bytes of blocks, a multiple of the page size.</param>
    /// <param name="first">Offset of the first byte: above 0 where earlier ones are elsewhere. Such a journal cannot be adopted.</param>
    /// <exception cref="OsException">No memory.</exception>
    public static Journal Create(string epoch, int capacity = DefaultCapacity, int blockBytes = DefaultBlockBytes, long first = 0)
    {
        MirroredMemory memory = MirroredMemory.Create("sessiond-journal", HeaderLength, capacity, blockBytes);
        Encoding.ASCII.GetBytes(epoch, memory.Header);
        var journal = new Journal(memory, blockBytes) { First = first, _written = first, _zeroed = first };
        journal.Set(BlockBytesAt, blockBytes);
        return journal;
    }

    /// <summary>
    /// Takes over the journal of a daemon that is gone: finishes an insertion that it had begun, and finds bytes that the kernel had delivered but whose number it had not
    /// written down. What is read goes where everything is zero, and a NUL does nothing on a terminal: up to the last other byte it was delivered.
    /// </summary>
    /// <param name="fd">Its memfd; the journal's from here on.</param>
    /// <param name="capacity">As it was made.</param>
    /// <exception cref="OsException">No address space.</exception>
    public static Journal Adopt(SafeFd fd, int capacity = DefaultCapacity)
    {
        MirroredMemory memory = MirroredMemory.Map(fd, HeaderLength, capacity);
        var journal = new Journal(memory, (int)BinaryPrimitives.ReadInt64LittleEndian(memory.Header[BlockBytesAt..]));
        journal.Recover();
        return journal;
    }

    /// <summary>Where the next bytes go; they are zero. Writer's thread.</summary>
    /// <param name="length">Bytes, at most <see cref="MaxRead"/>.</param>
    public Span<byte> WriteSpan(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxRead);
        long from = Math.Max(_zeroed, _written);
        if (_written + length > from)
        {
            _memory.Ring(from, (int)(_written + length - from)).Clear();
            // Only now: what is said to be zero but is not would be taken for bytes that were delivered.
            _zeroed = _written + length;
            Set(ZeroedAt, _zeroed);
        }

        return _memory.Ring(_written, length);
    }

    /// <summary>Makes bytes that were put into <see cref="WriteSpan"/> part of the journal. Writer's thread.</summary>
    public void Commit(int count)
    {
        Set(WrittenAt, _written + count);
        Volatile.Write(ref _written, _written + count);
    }

    /// <summary>Appends bytes that sessiond adds itself. Writer's thread.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length > MaxAdded; bytes = bytes[MaxAdded..]) Insert(bytes[..MaxAdded], 0);
        Insert(bytes, 0);
    }

    /// <summary>Puts bytes of our own before bytes that were read and not yet committed, and commits both. Writer's thread.</summary>
    /// <param name="added">At most <see cref="MaxAdded"/> bytes.</param>
    /// <param name="moved">Bytes that were read, at most <see cref="MaxRead"/>.</param>
    public void Insert(ReadOnlySpan<byte> added, int moved)
    {
        added.CopyTo(_memory.Header[AddedAt..]);
        _memory.Ring(_written, moved).CopyTo(_memory.Header[MovedAt..]);
        Set(InsertionAt + 8, _written);
        Set(InsertionAt + 16, added.Length);
        Set(InsertionAt + 24, moved);
        // From here on it happens, if not by us then by whoever comes after us.
        Set(InsertionAt, 1);
        FinishInsertion();
    }

    /// <summary>Says that effects of bytes below an offset are about to be made. Any thread under the session's gate, or the writer's.</summary>
    public void SetEffects(long offset)
    {
        if (offset > Effects) Set(EffectsAt, offset);
    }

    /// <summary>Keeps a checkpoint, whole or not at all. Under the session's gate.</summary>
    /// <param name="checkpoint">The terminal's state, and whatever the daemon wants to find beside it.</param>
    /// <param name="offset">The position from where on bytes must be fed to what is restored from it.</param>
    public void Keep(ReadOnlySpan<byte> checkpoint, long offset)
    {
        int freed = Blocks.PendingCount;
        // Without room the one before stays. When the ring has gone past it, whoever adopts begins with what the ring has.
        if (!Blocks.TryAllocate(checkpoint.Length, out int position, out Memory<byte> bytes)) return;
        checkpoint.CopyTo(bytes.Span);
        int before = SlotOf(_sequence);
        int slot = SlotOf(_sequence + 1);
        Set(slot, 0);
        Set(slot + 8, position);
        Set(slot + 16, checkpoint.Length);
        Set(slot + 24, offset);
        Set(slot, ++_sequence);
        Covered = offset;
        Blocks.Release(freed);
        if (_sequence > 1) Blocks.Discard((int)Get(before + 8), (int)Get(before + 16));
    }

    /// <summary>Everything that an adopted checkpoint refers to was opened: the rest of the blocks is free.</summary>
    public void EndAdoption() => Blocks.EndAdoption();

    /// <summary>The adopted checkpoint cannot be used: it and all blocks are given up.</summary>
    public void DropCheckpoint()
    {
        Set(SlotOf(0), 0);
        Set(SlotOf(1), 0);
        (_sequence, Covered, Checkpoint) = (0, 0, default);
        Blocks.Clear();
    }

    /// <summary>Bytes of the ring. Those of an offset below <see cref="Oldest"/> may already be others.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes; offset + length is at most <see cref="Written"/>.</param>
    public ReadOnlySpan<byte> Read(long offset, int length) => _memory.Ring(offset, length);

    /// <summary>Gives the memory back. Readers that are still under way see zeroes; the mapping goes with the last of them. Any thread.</summary>
    public void Discard() => _memory.Discard();

    private static int SlotOf(long sequence) => SlotsAt + (int)(sequence & 1) * SlotLength;

    private long Get(int at) => BinaryPrimitives.ReadInt64LittleEndian(_memory.Header[at..]);

    /// <summary>One store that neither the compiler nor the processor moves before those above it.</summary>
    private void Set(int at, long value) =>
        Volatile.Write(ref System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(_memory.Header[at..])[0], value);

    private void FinishInsertion()
    {
        (long offset, int added, int moved) = (Get(InsertionAt + 8), (int)Get(InsertionAt + 16), (int)Get(InsertionAt + 24));
        _memory.Header.Slice(AddedAt, added).CopyTo(_memory.Ring(offset, added));
        _memory.Header.Slice(MovedAt, moved).CopyTo(_memory.Ring(offset + added, moved));
        _zeroed = Math.Max(_zeroed, offset + added + moved);
        Set(ZeroedAt, _zeroed);
        Set(WrittenAt, offset + added + moved);
        Volatile.Write(ref _written, offset + added + moved);
        Set(InsertionAt, 0);
    }

    private void Recover()
    {
        (_written, _zeroed) = (Get(WrittenAt), Get(ZeroedAt));
        if (Get(InsertionAt) == 1) FinishInsertion();
        int delivered = _memory.Ring(_written, (int)Math.Max(0, _zeroed - _written)).LastIndexOfAnyExcept((byte)0) + 1;
        if (delivered > 0) Commit(delivered);
        (long first, long second) = (Get(SlotOf(0)), Get(SlotOf(1)));
        _sequence = Math.Max(first, second);
        if (_sequence == 0)
        {
            Blocks.Clear();
            return;
        }

        int slot = SlotOf(_sequence);
        Covered = Get(slot + 24);
        int length = (int)Get(slot + 16);
        Checkpoint = Blocks.Open(Get(slot + 8), length)[..length];
        if (_written - Covered > _memory.RingLength) DropCheckpoint();
    }
}
