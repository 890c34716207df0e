namespace Sessiond.Daemon.Lifecycle;

/// <summary>What the holder keeps of a hook's process, with the pipe of its output.</summary>
/// <param name="ProcessKey">Names the run; this member is first in the JSON, and by it such a record is known.</param>
/// <param name="Hook">The hook.</param>
internal sealed record ProcessRecord(string ProcessKey, string Hook);
