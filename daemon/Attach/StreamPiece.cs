namespace Sessiond.Daemon.Attach;

/// <summary>A range of the journal that a client may see.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Bytes; 0 when everything up to <paramref name="End"/> is not for this client.</param>
/// <param name="End">Where the stream goes on: past what was removed behind it.</param>
internal readonly record struct StreamPiece(long Offset, int Length, long End);
