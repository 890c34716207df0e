namespace Sessiond.Spec.Api;

/// <summary>Whether anybody or anything is at work in the devbox, for a platform that stops idle ones.</summary>
/// <param name="IdleSince">The last activity, while nothing is busy; null while something is.</param>
/// <param name="LastActivityAt">The last input, output where that counts, or attach.</param>
/// <param name="BusyBy">What says: busy. <c>session:NAME</c> with <c>keep_alive</c>, <c>hook:NAME</c> that runs, <c>task:FILE</c> in the tasks folder.</param>
public sealed record ActivityObject(DateTimeOffset? IdleSince, DateTimeOffset LastActivityAt, IReadOnlyList<string> BusyBy);
