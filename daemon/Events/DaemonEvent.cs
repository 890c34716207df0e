namespace Sessiond.Daemon.Events;

/// <summary>One event, ready to be sent.</summary>
/// <param name="Id">Counts all events.</param>
/// <param name="Name">One of <see cref="EventNames"/>.</param>
/// <param name="Owner">Whose session it is about; null: everyone's.</param>
/// <param name="Data">The whole object as JSON, one line.</param>
internal sealed record DaemonEvent(long Id, string Name, string? Owner, byte[] Data);
