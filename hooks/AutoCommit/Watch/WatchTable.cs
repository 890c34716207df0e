namespace Sessiond.Hooks.AutoCommit;

/// <summary>Which watch is which folder. Any thread.</summary>
internal sealed class WatchTable
{
    private readonly Lock _gate = new(); // guards both
    private readonly Dictionary<int, GitPath> _folders = [];
    private readonly Dictionary<GitPath, int> _watches = [];

    internal int Count
    {
        get
        {
            lock (_gate) return _folders.Count;
        }
    }

    internal void Add(int watch, GitPath folder)
    {
        lock (_gate)
        {
            // The kernel knows a folder by its inode: one that was renamed keeps its watch and gets its new name here.
            if (_folders.Remove(watch, out GitPath before)) _watches.Remove(before);
            _folders[watch] = folder;
            _watches[folder] = watch;
        }
    }

    internal GitPath? FolderOf(int watch)
    {
        lock (_gate) return _folders.TryGetValue(watch, out GitPath folder) ? folder : null;
    }

    internal void Forget(int watch)
    {
        lock (_gate)
        {
            if (_folders.Remove(watch, out GitPath folder) && _watches.GetValueOrDefault(folder) == watch) _watches.Remove(folder);
        }
    }

    /// <summary>Takes a folder and everything below it out; returns the watches.</summary>
    internal IReadOnlyList<int> TakeBelow(GitPath folder)
    {
        string prefix = folder.Raw + "/";
        lock (_gate)
        {
            int[] watches = [.. _folders.Where(pair => pair.Value == folder || pair.Value.Raw.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => pair.Key)];
            foreach (int watch in watches)
            {
                _folders.Remove(watch, out GitPath gone);
                _watches.Remove(gone);
            }

            return watches;
        }
    }
}
