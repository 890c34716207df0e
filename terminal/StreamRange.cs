namespace Sessiond.Vt;

/// <summary>Bytes of the stream that not everyone may get.</summary>
/// <param name="Start">Position of the first byte.</param>
/// <param name="End">Position after the last byte.</param>
/// <param name="Kind">Who may get them.</param>
public readonly record struct StreamRange(long Start, long End, StreamRangeKind Kind);
