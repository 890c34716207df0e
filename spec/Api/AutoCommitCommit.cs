namespace Sessiond.Spec.Api;

/// <summary>A commit in <see cref="AutoCommitObject"/>.</summary>
/// <param name="Id">Full id.</param>
/// <param name="At">When it was made.</param>
/// <param name="Message">Its subject.</param>
public sealed record AutoCommitCommit(string Id, DateTimeOffset At, string Message);
