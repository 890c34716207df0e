namespace Sessiond.Hooks.Secrets;

/// <summary>Variables that the daemon was started with. They are kept out of what sessions and hooks inherit, unless the spec gives them.</summary>
/// <param name="environment">The daemon's environment.</param>
public sealed class EnvironmentSecrets(IReadOnlyDictionary<string, string> environment) : ISecretProvider
{
    /// <inheritdoc/>
    public Task<string?> FindAsync(string name, CancellationToken cancellation) => Task.FromResult(environment.GetValueOrDefault(name));
}
