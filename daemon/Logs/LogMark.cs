namespace Sessiond.Daemon.Logs;

/// <summary>When, and at which size of the screen, the bytes from an offset on were printed.</summary>
/// <param name="Offset">Offset of the first byte.</param>
/// <param name="At">Unix time in milliseconds.</param>
/// <param name="Columns">Width in cells.</param>
/// <param name="Rows">Height in cells.</param>
internal readonly record struct LogMark(long Offset, long At, int Columns, int Rows);
