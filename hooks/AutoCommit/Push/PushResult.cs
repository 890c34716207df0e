namespace Sessiond.Hooks.AutoCommit;

/// <summary>How the remote and this repository stand after an attempt to bring them together.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">For people; null where there is nothing to say.</param>
/// <param name="Error">Git's words, where it failed.</param>
internal sealed record PushResult(PushOutcome Outcome, string? Reason = null, string? Error = null);
