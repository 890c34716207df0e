namespace Sessiond.Vt;

/// <summary>
/// The styles that the cells of one terminal use, each once. Numbers stay valid until a reclaim finds no cell
/// that uses them. The table never refuses: it is bounded by the number of cells, because a reclaim is asked for
/// whenever it has doubled since the last one.
/// </summary>
internal sealed class StyleTable
{
    /// <summary>Entries before the first reclaim: 40 KB of table, more styles than a screen of text ever shows.</summary>
    private const int FirstLimit = 1024;

    private const int FirstCapacity = 16;
    private Style[] _styles = new Style[FirstCapacity];
    private int[] _next = new int[FirstCapacity];
    private int[] _buckets = new int[FirstCapacity];
    private bool[] _marked = [];
    private int _end = 1;
    private int _free;
    private int _live = 1;
    private int _limit = FirstLimit;

    public ref readonly Style this[uint id] => ref _styles[id];

    /// <summary>Number of styles now held, the default one included.</summary>
    public int Count => _live;

    /// <summary>True when the owner must mark what is in use before it interns more.</summary>
    public bool IsDue => _live >= _limit;

    public uint Intern(in Style style)
    {
        if (style.IsDefault)
        {
            return 0;
        }

        int hash = style.GetHashCode();
        for (int i = _buckets[hash & (_buckets.Length - 1)]; i != 0; i = _next[i])
        {
            if (_styles[i].Equals(style))
            {
                return (uint)i;
            }
        }

        return Add(style, hash);
    }

    public void BeginMark()
    {
        if (_marked.Length < _end)
        {
            _marked = new bool[_styles.Length];
        }

        Array.Clear(_marked);
        _marked[0] = true;
    }

    public void Mark(uint id) => _marked[id] = true;

    /// <summary>Frees what was not marked and tells the links that are still in use.</summary>
    public void EndMark(LinkTable links)
    {
        links.BeginMark();
        Array.Clear(_buckets);
        _free = 0;
        _live = 1;
        for (int i = 1; i < _end; i++)
        {
            if (!_marked[i])
            {
                _next[i] = _free;
                _free = i;
                continue;
            }

            links.Mark(_styles[i].Link);
            ref int bucket = ref _buckets[_styles[i].GetHashCode() & (_buckets.Length - 1)];
            _next[i] = bucket;
            bucket = i;
            _live++;
        }

        _limit = Math.Max(FirstLimit, _live * 2);
        if (_live < FirstLimit)
        {
            _marked = [];
        }
    }

    private uint Add(in Style style, int hash)
    {
        if (_free == 0 && _end == _styles.Length)
        {
            Grow();
        }

        int id = _free;
        if (id != 0)
        {
            _free = _next[id];
        }
        else
        {
            id = _end++;
        }

        ref int bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _styles[id] = style;
        _next[id] = bucket;
        bucket = id;
        _live++;
        return (uint)id;
    }

    private void Grow()
    {
        int capacity = _styles.Length * 2;
        Array.Resize(ref _styles, capacity);
        Array.Resize(ref _next, capacity);
        _buckets = new int[capacity];
        for (int i = 1; i < _end; i++)
        {
            ref int bucket = ref _buckets[_styles[i].GetHashCode() & (capacity - 1)];
            _next[i] = bucket;
            bucket = i;
        }
    }
}
