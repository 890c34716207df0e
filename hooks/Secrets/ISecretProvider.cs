namespace Sessiond.Hooks.Secrets;

/// <summary>Where secret values come from.</summary>
public interface ISecretProvider
{
    /// <summary>The value of a secret; null: there is none of this name.</summary>
    /// <exception cref="IOException">The provider does not work; its message holds no value.</exception>
    Task<string?> FindAsync(string name, CancellationToken cancellation);
}
