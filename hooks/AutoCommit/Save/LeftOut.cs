namespace Sessiond.Hooks.AutoCommit;

/// <summary>A changed file that is not saved.</summary>
/// <param name="Path">Which.</param>
/// <param name="Why">Why, to follow its name.</param>
internal readonly record struct LeftOut(GitPath Path, string Why);
