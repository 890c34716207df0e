namespace Sessiond.Spec.Api;

/// <summary>Answer of DELETE /v1/sessions/{name}.</summary>
/// <param name="Killed">Processes that were ended, with the signal that did it.</param>
/// <param name="Left">Processes that outlived everything; empty unless the kernel refused.</param>
public sealed record TerminateResult(IReadOnlyList<KilledProcess> Killed, IReadOnlyList<KilledProcess> Left);
