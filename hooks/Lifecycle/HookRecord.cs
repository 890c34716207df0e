namespace Sessiond.Hooks;

/// <summary>What is kept of one hook over a crash of the daemon.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state as the API writes it.</param>
/// <param name="Reason">Why.</param>
/// <param name="ExitCode">Exit status of the last try.</param>
/// <param name="StartedAt">Start of the last run.</param>
/// <param name="EndedAt">Its end.</param>
/// <param name="Tries">Its tries.</param>
/// <param name="Process">Key of the process that runs.</param>
public sealed record HookRecord(
    string Name, string State, string? Reason, int? ExitCode, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, int Tries, string? Process);
