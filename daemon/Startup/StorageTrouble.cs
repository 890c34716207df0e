using Microsoft.Extensions.Logging;

namespace Sessiond.Daemon.Startup;

/// <summary>What cannot be written now, for the status and, once when it begins and once when it is over, for the daemon's own log. Any thread.</summary>
/// <param name="logger">Told.</param>
internal sealed class StorageTrouble(ILogger logger)
{
    private readonly Lock _gate = new(); // guards _problems
    private readonly SortedDictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>Told of each change.</summary>
    internal Action OnChanged { get; set; } = static () => { };

    /// <summary>What is wrong at the moment.</summary>
    internal IReadOnlyList<string> Present
    {
        get
        {
            lock (_gate) return [.. _problems.Values];
        }
    }

    /// <summary>Something cannot be written, or can be again.</summary>
    /// <param name="what">What: <c>logs</c>.</param>
    /// <param name="problem">Why not; null: it is over.</param>
    /// <param name="lost">What came of it, for the log; null: nothing.</param>
    internal void Report(string what, string? problem, string? lost = null)
    {
        lock (_gate)
        {
            bool isKnown = _problems.ContainsKey(what);
            if (problem is null && !isKnown) return;
            if (problem is null) _problems.Remove(what);
            else _problems[what] = $"{what} cannot be written: {problem}";
            if (problem is null) logger.WrittenAgain(what, lost ?? "nothing was lost");
            else if (!isKnown) logger.StartupWarning(_problems[what]);
            else return;
        }

        OnChanged();
    }
}
