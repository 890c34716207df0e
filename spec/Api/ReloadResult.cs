namespace Sessiond.Spec.Api;

/// <summary>Answer of POST /v1/reload.</summary>
/// <param name="Created">Sessions that were made.</param>
/// <param name="Outdated">Sessions that the new spec changes at their next start.</param>
/// <param name="Removed">Sessions that the spec names no more; they stay, as sessions of the API.</param>
/// <param name="Warnings">What is odd in the new spec, or takes a restart of the daemon.</param>
public sealed record ReloadResult(
    IReadOnlyList<string> Created, IReadOnlyList<string> Outdated, IReadOnlyList<string> Removed, IReadOnlyList<string> Warnings);
