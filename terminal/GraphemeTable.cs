namespace Sessiond.Vt;

/// <summary>
/// The clusters of more than one code point that cells of one terminal show, each once. As in
/// <see cref="StyleTable"/>, numbers stay valid until a reclaim finds no cell that uses them.
/// </summary>
internal sealed class GraphemeTable
{
    /// <summary>
    /// Code points of one cell, further ones are dropped (CVE-2021-26937). The longest emoji of Unicode has 10,
    /// stacked marks of real languages stay below 8.
    /// </summary>
    public const int MaxCodePoints = 32;

    /// <summary>Clusters before the first reclaim; more than a screen of text shows.</summary>
    private const int FirstLimit = 1024;

    private (int Start, int Length, int Next)[] _entries = [];
    private int[] _buckets = new int[16];
    private int[] _codes = [];
    private int _codesUsed;
    private bool[] _marked = [];
    private int _end = 1;
    private int _free;
    private int _live;
    private int _limit = FirstLimit;

    public bool IsDue => _live >= _limit;

    public ReadOnlySpan<int> this[uint number]
    {
        get
        {
            ref readonly var entry = ref _entries[number];
            return _codes.AsSpan(entry.Start, entry.Length);
        }
    }

    public uint Intern(ReadOnlySpan<int> codes)
    {
        uint hash = Hash(codes);
        for (int i = _buckets[hash & (uint)(_buckets.Length - 1)]; i != 0; i = _entries[i].Next)
        {
            if (this[(uint)i].SequenceEqual(codes))
            {
                return (uint)i;
            }
        }

        if (_free == 0 && _end >= _entries.Length)
        {
            Grow();
        }

        int number = _free;
        if (number != 0)
        {
            _free = _entries[number].Next;
        }
        else
        {
            number = _end++;
        }

        if (_codesUsed + codes.Length > _codes.Length)
        {
            Array.Resize(ref _codes, Math.Max(64, Math.Max(_codes.Length * 2, _codesUsed + codes.Length)));
        }

        codes.CopyTo(_codes.AsSpan(_codesUsed));
        ref int bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        _entries[number] = (_codesUsed, codes.Length, bucket);
        bucket = number;
        _codesUsed += codes.Length;
        _live++;
        return (uint)number;
    }

    public void BeginMark()
    {
        if (_marked.Length < _end)
        {
            _marked = new bool[_entries.Length];
        }

        Array.Clear(_marked);
    }

    public void Mark(uint number) => _marked[number] = true;

    public void EndMark()
    {
        var codes = new int[Math.Max(64, _codesUsed)];
        int used = 0;
        Array.Clear(_buckets);
        _free = 0;
        _live = 0;
        for (int i = 1; i < _end; i++)
        {
            if (!_marked[i])
            {
                _entries[i] = (0, 0, _free);
                _free = i;
                continue;
            }

            ReadOnlySpan<int> cluster = this[(uint)i];
            cluster.CopyTo(codes.AsSpan(used));
            ref int bucket = ref _buckets[Hash(cluster) & (uint)(_buckets.Length - 1)];
            _entries[i] = (used, cluster.Length, bucket);
            bucket = i;
            used += cluster.Length;
            _live++;
        }

        _codes = codes;
        _codesUsed = used;
        _limit = Math.Max(FirstLimit, _live * 2);
    }

    private static uint Hash(ReadOnlySpan<int> codes)
    {
        uint hash = 2166136261;
        foreach (int code in codes)
        {
            hash = (hash ^ (uint)code) * 16777619;
            hash ^= hash >> 15;
        }

        return hash;
    }

    private void Grow()
    {
        int capacity = Math.Max(16, _entries.Length * 2);
        Array.Resize(ref _entries, capacity);
        _buckets = new int[capacity];
        for (int i = 1; i < _end; i++)
        {
            ref int bucket = ref _buckets[Hash(this[(uint)i]) & (uint)(capacity - 1)];
            _entries[i].Next = bucket;
            bucket = i;
        }
    }
}
