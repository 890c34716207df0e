namespace Sessiond.Holder;

/// <summary>What ending a session's processes came to.</summary>
/// <param name="Killed">Those that are gone.</param>
/// <param name="Left">Those that are still there after SIGKILL.</param>
public sealed record TerminationReport(IReadOnlyList<EndedProcess> Killed, IReadOnlyList<EndedProcess> Left);
