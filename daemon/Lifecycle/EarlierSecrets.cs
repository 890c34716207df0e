namespace Sessiond.Daemon.Lifecycle;

/// <summary>What is known of the secrets that a session of a daemon before us was given.</summary>
/// <param name="Pid">Its program; null: there is none.</param>
/// <param name="Own">What it gets beside the spec's: variable to name.</param>
/// <param name="Fingerprint">Of what its program got; null: nothing.</param>
internal sealed record EarlierSecrets(int? Pid, IReadOnlyDictionary<string, string> Own, string? Fingerprint);
