namespace Sessiond.Holder;

/// <summary>An upgrade that is under way: two daemons at once.</summary>
internal sealed class Upgrade(DaemonLink old, DaemonLink candidate, DaemonBinary binary, bool replacesHolder)
{
    /// <summary>The daemon that serves until the holder says otherwise.</summary>
    internal DaemonLink Old => old;

    /// <summary>The daemon that is to serve.</summary>
    internal DaemonLink Candidate => candidate;

    internal DaemonBinary Binary => binary;

    internal bool ReplacesHolder => replacesHolder;

    /// <summary>Ids of what the candidate was given.</summary>
    internal HashSet<long> Given { get; } = [];

    /// <summary>The binary of the old daemon, until the candidate serves.</summary>
    internal DaemonBinary? Before { get; set; }

    /// <summary>Why the candidate does not serve, although it was told to go; empty: it does.</summary>
    internal string Failure { get; set; } = "";

    /// <summary>The candidate was told to go: there is no way back from here.</summary>
    internal bool IsDecided { get; set; }

    internal DaemonLink? LinkOf(int pid) => pid == old.Pid ? old : pid == candidate.Pid ? candidate : null;
}
