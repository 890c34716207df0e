namespace Sessiond.Pty;

/// <summary>The slots of one loop. A slot's generation grows each time it is used, so that a late event of an earlier user finds nothing.</summary>
internal sealed class RegistrationTable
{
    private readonly List<Entry> _entries = [];
    private readonly Stack<int> _free = new();

    internal EpollToken Add(SafeFd fd, IEpollHandler handler)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _entries.Count;
            _entries.Add(default);
        }

        uint generation = _entries[slot].Generation + 1;
        _entries[slot] = new Entry(generation, fd, handler);
        return new EpollToken((ulong)generation << 32 | (uint)slot);
    }

    internal IEpollHandler? HandlerOf(EpollToken token) => Find(token).Handler;

    internal SafeFd? FdOf(EpollToken token) => Find(token).Fd;

    internal void Remove(EpollToken token)
    {
        if (Find(token).Handler is null) return;
        _entries[token.Slot] = new Entry(token.Generation, null, null);
        _free.Push(token.Slot);
    }

    private Entry Find(EpollToken token)
    {
        if ((uint)token.Slot >= (uint)_entries.Count) return default;
        Entry entry = _entries[token.Slot];
        return entry.Generation == token.Generation ? entry : default;
    }

    private readonly record struct Entry(uint Generation, SafeFd? Fd, IEpollHandler? Handler);
}
