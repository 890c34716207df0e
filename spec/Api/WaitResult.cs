namespace Sessiond.Spec.Api;

/// <summary>Answer of POST /v1/sessions/{name}/wait.</summary>
/// <param name="Met">False when the time ran out.</param>
/// <param name="ExitCode">Exit status, for <c>exit</c>.</param>
/// <param name="Match">The matched text, for <c>text</c>.</param>
public sealed record WaitResult(bool Met, int? ExitCode, string? Match);
