namespace Sessiond.Vt;

/// <summary>
/// Rows that left the top of the primary screen, encoded, oldest first, within a budget of bytes and of rows.
/// </summary>
internal sealed class Scrollback(RowCodec codec, int maxRows, long maxBytes, IScrollbackMemory? memory)
{
    /// <summary>Size of the first page: an idle session that printed one screen more than it has pays no more than this.</summary>
    private const int FirstPageBytes = 2048;

    /// <summary>Largest page for rows of usual length, below the large object heap's 85,000 bytes.</summary>
    private const int MaxPageBytes = 64 * 1024;

    private readonly IScrollbackMemory _memory = memory ?? new HeapScrollbackMemory(MaxPageBytes);
    private readonly Queue<ScrollbackPage> _pages = new();
    private ScrollbackPage? _last;
    private ScrollbackPage? _spare;
    private long _bytes;

    /// <summary>Rows in the pages.</summary>
    private int _held;

    /// <summary>Rows at the start of the first page that count no more; they go with their page, so that nobody looks for where each ends.</summary>
    private int _dropped;

    /// <summary>Rows held.</summary>
    public int Count => _held - _dropped;

    /// <summary>Bytes held, unused parts of pages included.</summary>
    public long AllocatedBytes => _bytes;

    /// <summary>The last row says that its text goes on.</summary>
    public bool LastWrapped => Count > 0 && (_last!.LastFlags & RowFlags.Wrapped) != 0;

    public void Append(Row row)
    {
        if (maxRows == 0)
        {
            return;
        }

        if (row.IsText && row.Text.Runs.IsEmpty && _last is { } page && page.TryExtend(RowCodec.TextLength(row.Text), out Span<byte> room))
        {
            RowCodec.EncodeText(row, room);
            _held++;
            DropSurplus();
        }
        else
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

        _held++;
        DropSurplus();
    }

    private void DropSurplus()
    {
        _dropped += Math.Max(0, Count - maxRows);
        while (_pages.Count > 1 && (_bytes > maxBytes || _dropped >= _pages.Peek().Count))
        {
            ScrollbackPage first = _pages.Dequeue();
            _dropped = Math.Max(0, _dropped - first.Count);
            _held -= first.Count;
            Release(first);
        }
    }

    /// <summary>The text of the last row ends there: what it went on in was moved away or erased.</summary>
    public void EndLine()
    {
        const RowFlags GoesOn = RowFlags.Wrapped | RowFlags.Padded;
        if (Count > 0 && (_last!.LastFlags & GoesOn) != 0)
        {
            // A checkpoint may cover the row as it is, so another one takes its place.
            byte[] encoded = _last.Last.ToArray();
            encoded[0] &= (byte)~GoesOn;
            RemoveLast();
            Append(encoded);
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
        RemoveLast();
        return true;
    }

    public void Clear()
    {
        foreach (ScrollbackPage page in _pages)
        {
            _memory.Free(page.Block);
        }

        _pages.Clear();
        _last = null;
        _bytes = 0;
        _held = 0;
        _dropped = 0;
    }

    /// <summary>Writes where the pages are. What they hold now is not changed from here on; rows are added behind it.</summary>
    public void WriteCheckpoint(ByteWriter writer)
    {
        writer.AddVarint((uint)_dropped);
        writer.AddVarint((uint)_pages.Count);
        foreach (ScrollbackPage page in _pages)
        {
            page.WriteCheckpoint(writer);
        }
    }

    /// <summary>Takes the pages of an earlier process.</summary>
    public void Restore(ref CheckpointReader reader)
    {
        Clear();
        _dropped = reader.ReadInt32();
        for (uint count = reader.ReadVarint(); count > 0; count--)
        {
            _last = ScrollbackPage.Restore(ref reader, _memory);
            _pages.Enqueue(_last);
            _bytes += _last.Capacity;
            _held += _last.Count;
        }
    }

    /// <summary>The last <paramref name="count"/> rows, oldest first, or those from where their logical line starts.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ReadLast(int count)
    {
        int skip = _held - Math.Min(count, Count);
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

        // The rows are read while new ones are written, so their memory is given back only afterwards.
        ScrollbackPage[] pages = [.. _pages];
        _pages.Clear();
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
        foreach (ScrollbackPage page in pages)
        {
            _memory.Free(page.Block);
        }
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
        _last = _spare ?? new ScrollbackPage();
        _spare = null;
        _last.Use(_memory.Allocate(capacity));
        _bytes += _last.Capacity;
        _pages.Enqueue(_last);
    }

    private void RemoveLast()
    {
        _last!.RemoveLast();
        _held--;
        if (Count == 0)
        {
            Clear();
            return;
        }

        if (_last.Count > 0)
        {
            return;
        }

        ScrollbackPage[] pages = [.. _pages];
        _pages.Clear();
        foreach (ScrollbackPage page in pages.AsSpan(0, pages.Length - 1))
        {
            _pages.Enqueue(page);
        }

        _last = pages.Length > 1 ? pages[^2] : null;
        Release(pages[^1]);
    }

    private void Release(ScrollbackPage page)
    {
        _bytes -= page.Capacity;
        _memory.Free(page.Block);
        _spare = page;
    }
}
