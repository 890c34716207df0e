namespace Sessiond.Vt;

/// <summary>
/// Rows that left the top of the primary screen, encoded, oldest first, within a budget of bytes and of rows.
/// </summary>
internal sealed class Scrollback(RowCodec codec, int maxRows, long maxBytes)
{
    /// <summary>Size of the first page: an idle session that printed one screen more than it has pays no more than this.</summary>
    private const int FirstPageBytes = 2048;

    /// <summary>Largest page for rows of usual length, below the large object heap's 85,000 bytes.</summary>
    private const int MaxPageBytes = 64 * 1024;

    /// <summary>Pages kept for reuse; dropping and adding go in step, but for one page more or less.</summary>
    private const int MaxSpare = 2;

    private readonly Queue<ScrollbackPage> _pages = new();
    private ScrollbackPage? _last;
    private readonly Stack<ScrollbackPage> _spare = new();
    private long _bytes;

    /// <summary>Rows held.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held, unused parts of pages included.</summary>
    public long AllocatedBytes => _bytes + (_spare.Count * (long)MaxPageBytes);

    /// <summary>The last row says that its text goes on.</summary>
    public bool LastWrapped => Count > 0 && (_last!.LastFlags & RowFlags.Wrapped) != 0;

    public void Append(Row row)
    {
        if (maxRows > 0)
        {
            Append(codec.Encode(row));
        }
    }

    private void Append(ReadOnlySpan<byte> encoded)
    {
        if (_last is null || !_last.TryAppend(encoded))
        {
            AddPage(encoded.Length + ScrollbackPage.MaxHeaderBytes);
            _last!.TryAppend(encoded);
        }

        Count++;
        while (Count > maxRows || (_bytes > maxBytes && _pages.Count > 1))
        {
            DropFirst();
        }
    }

    /// <summary>The text of the last row ends there: what it went on in was moved away or erased.</summary>
    public void EndLine()
    {
        if (Count > 0)
        {
            _last!.LastFlags &= ~(RowFlags.Wrapped | RowFlags.Padded);
        }
    }

    /// <summary>Takes the newest row back.</summary>
    public bool TryTakeLast(Row row, int columns)
    {
        if (Count == 0)
        {
            return false;
        }

        codec.Decode(_last!.Last, row, columns);
        _last.RemoveLast();
        Count--;
        if (_last.Count == 0)
        {
            RemoveLastPage();
        }

        return true;
    }

    public void Clear()
    {
        _pages.Clear();
        _last = null;
        _spare.Clear();
        _bytes = 0;
        Count = 0;
    }

    /// <summary>The last <paramref name="count"/> rows, oldest first, or those from where their logical line starts.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ReadLast(int count)
    {
        int skip = Count - Math.Min(count, Count);
        foreach (ScrollbackPage page in _pages)
        {
            if (skip >= page.Count)
            {
                skip -= page.Count;
                continue;
            }

            foreach (ReadOnlyMemory<byte> row in page.Read())
            {
                if (skip-- <= 0)
                {
                    yield return row;
                }
            }

            skip = 0;
        }
    }

    /// <summary>Wraps rows again for another width. Rows that are no part of a wrapped line and fit are copied as they are.</summary>
    public void Reflow(int oldColumns, int columns)
    {
        ReadOnlyMemory<byte>[] rows = [.. ReadLast(Count)];
        Clear();
        List<Row> line = [];
        foreach (ReadOnlyMemory<byte> encoded in rows)
        {
            bool wrapped = ((RowFlags)encoded.Span[0] & RowFlags.Wrapped) != 0;

            // No cell takes less than a byte, so a short encoding is a short row.
            if (line.Count == 0 && !wrapped && encoded.Length <= columns)
            {
                Append(encoded.Span);
                continue;
            }

            var row = new Row();
            codec.Decode(encoded.Span, row, oldColumns);
            line.Add(row);
            if (!wrapped)
            {
                AppendRewrapped(line, oldColumns, columns);
            }
        }

        AppendRewrapped(line, oldColumns, columns);
    }

    private void AppendRewrapped(List<Row> line, int oldColumns, int columns)
    {
        if (line.Count == 0)
        {
            return;
        }

        foreach (Row row in Vt.Reflow.Rewrap(line, oldColumns, columns, []))
        {
            Append(row);
        }

        line.Clear();
    }

    private void AddPage(int atLeast)
    {
        // Doubling with what is held keeps a small history small and the number of pages low.
        long wished = Math.Clamp(_bytes, FirstPageBytes, Math.Min(MaxPageBytes, Math.Max(FirstPageBytes, maxBytes / 8)));
        int capacity = (int)Math.Max(atLeast, wished);
        if (atLeast <= MaxPageBytes && _spare.TryPop(out ScrollbackPage? spare))
        {
            _last = spare;
            _last.Clear();
        }
        else
        {
            _last = new ScrollbackPage(capacity);
        }

        _bytes += _last.Capacity;
        _pages.Enqueue(_last);
    }

    private void DropFirst()
    {
        ScrollbackPage first = _pages.Peek();
        int rows = _bytes > maxBytes ? first.Count : 1;
        if (rows < first.Count)
        {
            first.RemoveFirst();
            Count--;
            return;
        }

        Count -= first.Count;
        _pages.Dequeue();
        _bytes -= first.Capacity;
        if (_pages.Count == 0)
        {
            _last = null;
        }

        if (first.Capacity == MaxPageBytes && _spare.Count < MaxSpare)
        {
            _spare.Push(first);
        }
    }

    private void RemoveLastPage()
    {
        ScrollbackPage[] pages = [.. _pages];
        _bytes -= _last!.Capacity;
        _pages.Clear();
        foreach (ScrollbackPage page in pages.AsSpan(0, pages.Length - 1))
        {
            _pages.Enqueue(page);
        }

        _last = pages.Length > 1 ? pages[^2] : null;
    }
}
