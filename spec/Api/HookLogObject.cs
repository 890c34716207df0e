namespace Sessiond.Spec.Api;

/// <summary>Data of a <c>hook.log</c> event: lines that a hook printed, in order.</summary>
/// <param name="Name">The hook.</param>
/// <param name="Lines">The lines, without control characters.</param>
/// <param name="Skipped">Lines of a flood that came after these and are only in the hook's log.</param>
public sealed record HookLogObject(string Name, IReadOnlyList<string> Lines, int Skipped);
