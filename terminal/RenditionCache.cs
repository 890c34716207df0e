using System.Runtime.CompilerServices;

namespace Sessiond.Vt;

/// <summary>
/// What an SGR does to a pen, by its bytes and the pen's number: programs use the same few changes of colour again and again, and looking one up is several times
/// cheaper than reading it. One entry for each hash; a newer one replaces it.
/// </summary>
internal sealed class RenditionCache
{
    /// <summary>Bytes of the parameters: all but the longest true colours.</summary>
    public const int MaxLength = 16;

    /// <summary>A coloured prompt and ls need fewer.</summary>
    private const int FirstEntries = 32;

    /// <summary>All 256 colours and a few attributes with each.</summary>
    private const int MaxEntries = 1024;

    private Entry[] _entries = [];
    private int _replaced;

    /// <summary>The numbers of styles mean other styles from now on.</summary>
    public void Clear() => _entries = [];

    /// <summary>The pen after the sequence.</summary>
    /// <param name="low">The first eight bytes of the parameters, zeroes after their end.</param>
    /// <param name="high">The next eight bytes.</param>
    /// <param name="pen">The pen before it.</param>
    /// <param name="after">The pen after it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ulong low, ulong high, uint pen, out uint after)
    {
        Entry[] entries = _entries;
        if (entries.Length == 0)
        {
            after = 0;
            return false;
        }

        ref Entry entry = ref entries[Slot(low, high, pen)];
        after = entry.After;

        // An unused entry reads as CSI m with the default pen, which leaves the default pen.
        return entry.Low == low && entry.High == high && entry.Pen == pen;
    }

    public void Keep(ulong low, ulong high, uint pen, uint after)
    {
        if (_entries.Length == 0)
        {
            _entries = new Entry[FirstEntries];
        }

        ref Entry entry = ref _entries[Slot(low, high, pen)];
        _replaced += entry.Low == 0 ? 0 : 1;
        entry = new Entry { Low = low, High = high, Pen = pen, After = after };
        if (_replaced > _entries.Length && _entries.Length < MaxEntries)
        {
            _entries = new Entry[_entries.Length * 2];
            _replaced = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(ulong low, ulong high, uint pen)
    {
        ulong hash = ((low ^ pen) * 0x9E3779B97F4A7C15) ^ (high * 0xBF58476D1CE4E5B9);
        return (int)(hash >> 40) & (_entries.Length - 1);
    }

    private struct Entry
    {
        public ulong Low;
        public ulong High;
        public uint Pen;
        public uint After;
    }
}
