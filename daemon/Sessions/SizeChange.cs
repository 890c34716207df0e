using Sessiond.Daemon.Attach;

namespace Sessiond.Daemon.Sessions;

/// <summary>A change of the session's size, at its place in the stream.</summary>
/// <param name="Sequence">Counts the changes of one session.</param>
/// <param name="Offset">The engine changed before this byte.</param>
/// <param name="Columns">Columns from here on.</param>
/// <param name="Rows">Rows from here on.</param>
/// <param name="By">The attachment whose wish it was; null: the API.</param>
internal sealed record SizeChange(long Sequence, long Offset, int Columns, int Rows, Attachment? By);
