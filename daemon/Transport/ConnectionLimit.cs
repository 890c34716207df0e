namespace Sessiond.Daemon.Transport;

/// <summary>Counts open connections, attached ones included.</summary>
internal sealed class ConnectionLimit
{
    /// <summary>Far above what people and dashboards open, far below the file limit of a container.</summary>
    internal const int Max = 1000;

    private int _open;

    internal int Open => Volatile.Read(ref _open);

    internal bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= Max) return true;
        Interlocked.Decrement(ref _open);
        return false;
    }

    internal void Leave() => Interlocked.Decrement(ref _open);
}
