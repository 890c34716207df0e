using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Hooks.Secrets;

/// <summary>Fetches secrets by the names that the spec gives, for each process anew, so that a changed value is the next process's. Any thread.</summary>
/// <param name="provider">Where values come from.</param>
/// <param name="files">Writes those that are files.</param>
/// <param name="secrets">The spec's.</param>
public sealed class SecretStore(ISecretProvider provider, SecretFiles files, IReadOnlyList<SecretSpec> secrets)
{
    /// <summary>True when processes of this kind get any.</summary>
    public bool HasAny(SecretScope scope) => secrets.Any(secret => secret.Scope.Contains(scope));

    /// <summary>True when processes of this kind get the secret of a name.</summary>
    public bool IsFor(SecretScope scope, string name) => secrets.Any(secret => secret.Name == name && secret.Scope.Contains(scope));

    /// <summary>Fetches what a process gets. One that is missing or cannot be had is left out, and told when it is required.</summary>
    /// <param name="scope">The kind of process.</param>
    /// <param name="own">The process's own beside the spec's; they count before those.</param>
    /// <param name="user">Whom it runs as: the owner of files.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SecretSet> FetchAsync(SecretScope scope, IReadOnlyList<SecretSpec> own, UserIdentity user, CancellationToken cancellation)
    {
        SecretSpec[] wanted = [.. secrets.Where(secret => secret.Scope.Contains(scope) && own.All(other => other.Variable != secret.Variable)), .. own];
        (string Variable, string? Text, string? Value, string? Problem)[] found =
            await Task.WhenAll(wanted.Select(secret => FetchAsync(secret, user, cancellation)));
        return new SecretSet
        {
            Variables = found.Where(item => item.Text is not null).ToDictionary(item => item.Variable, item => item.Text!),
            Values = [.. found.Select(item => item.Value).OfType<string>()],
            Missing = [.. found.Select(item => item.Problem).OfType<string>()],
        };
    }

    /// <summary>Looks which required secrets are not to be had, without handing any out.</summary>
    /// <param name="found">Takes values that are there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The reasons.</returns>
    public async Task<IReadOnlyList<string>> FindMissingAsync(Action<IEnumerable<string>> found, CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (SecretSpec secret in secrets.Where(secret => secret.Required))
        {
            try
            {
                if (await provider.FindAsync(secret.Name, cancellation) is { } value) found([value]);
                else problems.Add($"secret {secret.Name} is missing");
            }
            catch (IOException exception)
            {
                problems.Add(exception.Message);
            }
        }

        return problems;
    }

    private async Task<(string Variable, string? Text, string? Value, string? Problem)> FetchAsync(SecretSpec secret, UserIdentity user, CancellationToken cancellation)
    {
        string? value = null;
        string problem;
        try
        {
            value = await provider.FindAsync(secret.Name, cancellation);
            if (value is not null && !value.Contains('\0'))
            {
                if (secret.As == SecretForm.Env) return (secret.Variable, value, value, null);
                await files.WriteAsync(secret, value, user);
                return (secret.Variable, secret.Path, value, null);
            }

            problem = value is null ? $"secret {secret.Name} is missing" : $"secret {secret.Name} holds a NUL, which no variable can";
        }
        catch (IOException exception)
        {
            problem = exception.Message;
        }

        return (secret.Variable, null, value, secret.Required ? problem : null);
    }
}
