using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>An item as the holder hands it to a daemon that begins.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Record">What the daemon before wrote.</param>
/// <param name="Fds">What it kept; the receiver's.</param>
public sealed record HandedItem(long Id, ReadOnlyMemory<byte> Record, IReadOnlyList<SafeFd> Fds)
{
    /// <summary>Its program, running or ended and not released; null when there is none.</summary>
    public HeldRun? Run { get; internal set; }

    /// <summary>Completes when a program that is just being started has executed or could not; null when none is.</summary>
    public Task<HeldRun>? Starting { get; internal set; }
}
