namespace Sessiond.Hooks.AutoCommit;

/// <summary>When to try again: soon at first, then less and less often.</summary>
internal sealed class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    /// <summary>A laptop that comes back online has its work pushed within this time.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private TimeSpan _next = First;

    /// <summary>The time until the next try; doubles with each call.</summary>
    internal TimeSpan Next()
    {
        TimeSpan now = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return now;
    }

    internal void Reset() => _next = First;
}
