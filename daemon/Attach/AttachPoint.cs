namespace Sessiond.Daemon.Attach;

/// <summary>Where an attachment begins, taken in one critical section (I2).</summary>
/// <param name="Snapshot">What it begins with; null when the client's terminal is at <paramref name="Offset"/> already.</param>
/// <param name="Offset">Where output goes on.</param>
/// <param name="Columns">Columns of the session then.</param>
/// <param name="Rows">Rows of the session then.</param>
/// <param name="SizeSequence">The last change of size that is known to the client then.</param>
/// <param name="State">The session's state then.</param>
internal sealed record AttachPoint(Snapshot? Snapshot, long Offset, int Columns, int Rows, long SizeSequence, string State);
