namespace Sessiond.Hooks;

/// <summary>What is kept of a runner over a crash of the daemon, so that no hook runs twice and the end of one that runs is known.</summary>
/// <param name="Life">Names the life of the devbox.</param>
/// <param name="Runs">How many processes were started.</param>
/// <param name="Hooks">The hooks that are not pending.</param>
public sealed record HookRunnerRecord(string Life, long Runs, IReadOnlyList<HookRecord> Hooks);
