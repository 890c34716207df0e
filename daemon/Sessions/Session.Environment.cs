using Sessiond.Holder;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>The environment of its programs: the definition's, what was patched since, what follows its clients, secrets, and what names this run.</summary>
internal sealed partial class Session
{
    private readonly FollowedVariables _followed;
    private IReadOnlyDictionary<string, string?> _ownVariables = new Dictionary<string, string?>(); // under the gate; null: not set
    private IReadOnlyDictionary<string, string> _ownSecrets = new Dictionary<string, string>(); // under the gate; variable to name

    private volatile int _edition;

    /// <summary>Counts what was patched of that, for who keeps it. Any thread.</summary>
    internal int Edition => _edition;

    /// <summary>Where its programs find what its newest client has. Any thread.</summary>
    internal void Follow(object client, IReadOnlyDictionary<string, string> said) => _followed.Add(client, said, Definition.User);

    /// <summary>A client said its variables and left. Any thread.</summary>
    internal void Unfollow(object client) => _followed.Remove(client, Definition.User);

    /// <summary>Variables and secrets for the next start. Under the gate.</summary>
    private void PatchEnvironment(PatchSession patch)
    {
        if (patch.Env is null && patch.Secrets is null) return;
        var variables = new Dictionary<string, string?>(_ownVariables);
        foreach ((string name, string? value) in patch.Env ?? new Dictionary<string, string?>()) variables[name] = value;
        var secrets = new Dictionary<string, string>(_ownSecrets);
        foreach ((string name, string? secret) in patch.Secrets ?? new Dictionary<string, string?>())
        {
            if (secret is null) secrets.Remove(name);
            else secrets[name] = secret;
        }

        _ownVariables = variables;
        _ownSecrets = secrets;
        _edition++;
        _isEnvironmentStale |= _program is not null || _launch is not null;
    }

    /// <summary>The environment that a program or the first script before it begins with.</summary>
    private Dictionary<string, string> BaseEnvironment(SessionDefinition definition)
    {
        IReadOnlyDictionary<string, string?> own;
        using (Enter()) own = _ownVariables;
        var all = new Dictionary<string, string>(definition.Environment);
        _followed.Apply(all, name => definition.NamedVariables.Contains(name) || own.ContainsKey(name), definition.User);
        var expansion = new Expansion(definition.Workspace, definition.Port, name => definition.Environment.GetValueOrDefault(name));
        foreach ((string name, string? value) in own)
        {
            if (value is null) all.Remove(name);
            else all[name] = expansion.Expand(value);
        }

        return all;
    }

    private Dictionary<string, string> EnvironmentOfRun(IReadOnlyDictionary<string, string>? prepared, string mark)
    {
        Dictionary<string, string> all = prepared is null ? BaseEnvironment(Definition) : new Dictionary<string, string>(prepared);
        foreach ((string name, string value) in _secrets.Variables) all[name] = value;
        all["SESSIOND_SESSION"] = Name;
        all["SESSIOND_SOCKET"] = _services.SocketPath;
        all[SessionProcesses.Mark] = mark;
        return all;
    }
}
