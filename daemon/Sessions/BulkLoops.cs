using Sessiond.Pty;

namespace Sessiond.Daemon.Sessions;

/// <summary>The loops of sessions that flood, so that they hold up nobody who types: as many as can work at once, since each feeds engines all the time.</summary>
internal sealed class BulkLoops : IDisposable
{
    /// <summary>A flood leaves most of its time to the kernel and to the program that prints: more loops than this only wait for those.</summary>
    private const int Most = 4;

    /// <summary>
    /// So that whoever types beside a flood gets the processor when a key comes and not at the next tick. A third of the share of others is enough: the program that
    /// prints waits for us, however much it would like to run.
    /// </summary>
    private const int Nice = 5;

    private readonly EpollLoop[] _loops;
    private int _next;

    /// <summary>Starts the loops.</summary>
    /// <param name="onFault">Told of an exception that a handler let out.</param>
    internal BulkLoops(Action<Exception> onFault)
    {
        _loops = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, Most)).Select(_ => new EpollLoop("bulk", onFault))];
        foreach (EpollLoop loop in _loops) loop.Post(() => Niceness.Raise(Nice));
    }

    /// <summary>For what is done besides.</summary>
    internal EpollLoop First => _loops[0];

    /// <summary>The loop of the next session that floods. Any thread.</summary>
    internal EpollLoop Next() => _loops[(int)((uint)Interlocked.Increment(ref _next) % _loops.Length)];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (EpollLoop loop in _loops) loop.Dispose();
    }
}
