using Sessiond.Daemon.Lifecycle;
using Sessiond.Hooks.Secrets;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Secrets of its processes: fetched at each start, never kept.</summary>
internal sealed partial class Session
{
    private SecretSet _secrets = SecretSet.Empty; // of the launch that is under way
    private string? _secretsFingerprint; // under the gate

    /// <summary>Secrets that it gets beside the spec's: variable to name. Any thread.</summary>
    private IReadOnlyDictionary<string, string> OwnSecrets
    {
        get
        {
            using (Enter()) return _ownSecrets;
        }
    }

    /// <summary>After a reload: a program that got other values than it would get now is stale. Any thread.</summary>
    internal async Task CompareSecretsAsync()
    {
        string? then;
        using (Enter())
        {
            if (_program is null) return;
            then = _secretsFingerprint;
        }

        DevboxSecrets secrets = _services.Support.Secrets;
        SecretSet now = await secrets.FetchAsync(SecretScope.Sessions, OwnSecrets, Definition.User, CancellationToken.None);
        if ((now.Variables.Count == 0 ? null : DevboxSecrets.Fingerprint(now)) == then) return;
        using (Enter()) _isEnvironmentStale = true;
        Changed();
    }

    /// <summary>
    /// Fetches what the program gets. While a required one is missing a session of the spec is <c>failed</c> and goes on when a reload brings it; one that somebody makes
    /// by hand starts without, so that there is a shell to mend things with.
    /// </summary>
    private async Task FetchSecretsAsync(CancellationToken cancellation)
    {
        DevboxSecrets secrets = _services.Support.Secrets;
        SecretSet set;
        while (true)
        {
            Task change = secrets.NextChange;
            set = await secrets.FetchAsync(SecretScope.Sessions, OwnSecrets, Definition.User, cancellation);
            if (set.Missing.Count == 0) break;
            string reason = string.Join("; ", set.Missing);
            if (Definition.Source != SessionDefinition.FromTheSpec)
            {
                Note($"starts without a required secret: {reason}");
                break;
            }

            Tell(SessionStates.Failed, reason);
            await change.WaitAsync(cancellation);
        }

        _secrets = set;
        using (Enter())
        {
            _secretsFingerprint = set.Variables.Count == 0 ? null : DevboxSecrets.Fingerprint(set);
            _isEnvironmentStale = false;
        }
    }
}
