using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Logs;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Hooks;
using Sessiond.Hooks.Secrets;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>The secrets of the spec that counts: fetched for each process, covered in every log, and told by name when a required one is missing. Any thread.</summary>
internal sealed class DevboxSecrets
{
    /// <summary>How long logs wait for the secrets of programs that run already: what they print meanwhile is in their rings.</summary>
    private static readonly TimeSpan CoverPatience = TimeSpan.FromSeconds(10);

    private readonly IProcessStarter _starter;
    private readonly SessionLogs _logs;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly ILogger _logger;
    private readonly Lock _gate = new(); // guards the logs' mask against two that add to it
    private volatile SecretStore _store;
    private volatile SecretStore _imageStore; // what users get whom a workspace may not name
    private volatile WorkspaceUsers _workspaceUsers = new(new DevboxSpec());
    private volatile IReadOnlyList<string> _missing = [];
    private volatile TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isMasked = true;

    /// <summary>Has no secrets before <see cref="Take"/>.</summary>
    /// <param name="starter">Starts a provider's program.</param>
    /// <param name="logs">Where values are covered.</param>
    /// <param name="environment">The daemon's own environment.</param>
    /// <param name="logger">Told what is missing.</param>
    internal DevboxSecrets(IProcessStarter starter, SessionLogs logs, IReadOnlyDictionary<string, string> environment, ILogger logger)
    {
        _starter = starter;
        _logs = logs;
        _environment = environment;
        _logger = logger;
        _imageStore = _store = new SecretStore(new EnvironmentSecrets(environment), new SecretFiles(starter), []);
    }

    /// <summary>Required secrets that are not to be had, each with its reason.</summary>
    internal IReadOnlyList<string> Missing => _missing;

    /// <summary>Completes when the secrets may be others.</summary>
    internal Task NextChange => _change.Task;

    /// <summary>True when the spec gives sessions a secret of this name: whoever may make sessions may have it in another variable.</summary>
    internal bool IsForSessions(string name) => _store.IsFor(SecretScope.Sessions, name);

    /// <summary>True when processes of this kind get any.</summary>
    internal bool HasAny(SecretScope scope) => _store.HasAny(scope);

    /// <summary>An environment without the variables that are secrets at a provider that reads the environment: they are for whom the spec gives them.</summary>
    internal static IReadOnlyDictionary<string, string> WithoutSecrets(IReadOnlyDictionary<string, string> environment, DevboxSpec spec)
    {
        if (spec.SecretProvider.Type != SecretProviderType.Env) return environment;
        HashSet<string> names = [.. spec.Secrets.Select(secret => secret.Name)];
        return environment.Where(pair => !names.Contains(pair.Key)).ToDictionary();
    }

    /// <summary>Takes the secrets of a spec: before anything is started by it.</summary>
    internal void Take(SpecResult result, string workspace)
    {
        DevboxSpec spec = result.Spec;
        _isMasked = spec.Logs.MaskSecrets;
        ISecretProvider provider = ProviderOf(spec.SecretProvider, workspace);
        var files = new SecretFiles(_starter);
        _workspaceUsers = new WorkspaceUsers(result.Image);
        _imageStore = new SecretStore(provider, files, result.Image.Secrets);
        _store = new SecretStore(provider, files, spec.Secrets);
    }

    /// <summary>Takes the secrets of another spec, or the same ones anew, and looks which required ones are missing.</summary>
    internal async Task FollowAsync(SpecResult result, string workspace)
    {
        Take(result, workspace);
        _missing = await _store.FindMissingAsync(Cover, CancellationToken.None);
        foreach (string problem in _missing) _logger.StartupWarning(problem);
        TaskCompletionSource before = _change;
        _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        before.TrySetResult();
    }

    /// <summary>
    /// Covers what programs that a daemon before us started were given: what they would be given now, and what they have where that was replaced since. After that logs are
    /// written. One by one the processes that ask for them would have had the values covered, and of those none is started any more.
    /// </summary>
    /// <param name="spec">The spec.</param>
    /// <param name="workspace">Where a provider's program runs.</param>
    /// <param name="earlier">The sessions.</param>
    internal async Task CoverEarlierAsync(DevboxSpec spec, string workspace, IReadOnlyList<EarlierSecrets> earlier)
    {
        try
        {
            _isMasked = spec.Logs.MaskSecrets;
            if (!_isMasked) return;
            Cover(earlier.SelectMany(session => GivenTo(session, spec)));
            ISecretProvider provider = ProviderOf(spec.SecretProvider, workspace);
            string[] names = [.. spec.Secrets.Select(secret => secret.Name).Concat(earlier.SelectMany(session => session.Own.Values)).Distinct()];
            await Task.WhenAll(names.Select(name => CoverAsync(provider, name))).WaitAsync(CoverPatience);
        }
        catch (TimeoutException)
        {
            _logger.StartupWarning($"the secrets were not to be had within {CoverPatience.TotalSeconds:0} s: until they are, what programs print of them is not covered in logs");
        }
        finally
        {
            _logs.KnowMask();
        }
    }

    /// <summary>Fetches what a process gets. Required ones that are missing are named in the set.</summary>
    /// <param name="scope">The kind of process.</param>
    /// <param name="own">What it gets beside the spec's: variable to name. Asked for by name, they are required.</param>
    /// <param name="user">Whom it runs as.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task<SecretSet> FetchAsync(SecretScope scope, IReadOnlyDictionary<string, string> own, UserIdentity user, CancellationToken cancellation)
    {
        SecretStore store = _workspaceUsers.Has(user) ? _store : _imageStore;
        SecretSet set = await store.FetchAsync(scope, [.. own.Select(pair => new SecretSpec { Variable = pair.Key, Name = pair.Value, Required = true })], user, cancellation);
        Cover(set.Values);
        return set;
    }

    /// <summary>A text of somebody else's without the values of secrets.</summary>
    internal string Covered(string text) => _logs.Mask.Apply(text);

    /// <summary>Tells whether two sets are the same, and nothing about what is in them.</summary>
    internal static string Fingerprint(SecretSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in set.Variables.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => new[] { pair.Key, pair.Value }).Concat(set.Values))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What a program still has in its environment of the values that it was given; nothing where one is in a file, or where it changed them itself.</summary>
    private static IReadOnlyList<string> GivenTo(EarlierSecrets session, DevboxSpec spec)
    {
        if (session is not { Pid: { } pid, Fingerprint: { } fingerprint }) return [];
        IEnumerable<string> ofTheSpec = spec.Secrets
            .Where(secret => secret.Scope.Contains(SecretScope.Sessions) && !session.Own.ContainsKey(secret.Variable)).Select(secret => secret.Variable);
        var found = new Dictionary<string, string>();
        foreach (string variable in ofTheSpec.Concat(session.Own.Keys))
        {
            if (ProcessTable.EnvironmentValue(pid, variable) is { } value) found[variable] = value;
        }

        var set = new SecretSet { Variables = found, Values = [.. found.Values], Missing = [] };
        // A program may have put there what is no secret, and logs full of stars.
        return Fingerprint(set) == fingerprint ? set.Values : [];
    }

    private async Task CoverAsync(ISecretProvider provider, string name)
    {
        try
        {
            if (await provider.FindAsync(name, CancellationToken.None) is { } value) Cover([value]);
        }
        catch (IOException exception)
        {
            _logger.StartupWarning($"{exception.Message}; what programs print of it is not covered in logs");
        }
    }

    private void Cover(IEnumerable<string> values)
    {
        if (!_isMasked) return;
        lock (_gate) _logs.Mask = _logs.Mask.With(values);
    }

    private ISecretProvider ProviderOf(SecretProviderSpec spec, string workspace) => spec.Type switch
    {
        SecretProviderType.Env => new EnvironmentSecrets(_environment),
        SecretProviderType.Exec => new CommandSecrets(_starter, spec.Command!.ToArgv(), _environment, workspace, UserDatabase.Current()),
        _ => new FileSecrets(spec.Dir),
    };
}
