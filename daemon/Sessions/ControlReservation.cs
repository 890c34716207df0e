namespace Sessiond.Daemon.Sessions;

/// <summary>
/// Control, kept for the attachment that had it when the daemon before us ended: who had been evicted by it, and did not find out, must not be quicker to come back.
/// A person's wish takes it all the same.
/// </summary>
/// <param name="Attachment">Its name.</param>
/// <param name="User">Its user.</param>
/// <param name="Until">Milliseconds of <see cref="Environment.TickCount64"/>.</param>
internal sealed record ControlReservation(string Attachment, string User, long Until)
{
    /// <summary>How long it holds: clients come back within seconds, a page with the longest pause within fifteen.</summary>
    internal const int Milliseconds = 20_000;
}
