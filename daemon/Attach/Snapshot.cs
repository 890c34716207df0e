namespace Sessiond.Daemon.Attach;

/// <summary>The terminal's state as bytes, and where in the journal the stream goes on.</summary>
/// <param name="Bytes">What makes any terminal equal to the session's.</param>
/// <param name="Offset">Offset of the first byte that it does not cover.</param>
/// <param name="Columns">Columns of the session then.</param>
/// <param name="Rows">Rows of the session then.</param>
/// <param name="SizeSequence">The last change of size that it covers.</param>
internal sealed record Snapshot(ReadOnlyMemory<byte> Bytes, long Offset, int Columns, int Rows, long SizeSequence);
