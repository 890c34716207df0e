namespace Sessiond.Spec;

/// <summary>A whole spec: all layers merged, checked and with the defaults filled in.</summary>
public sealed record DevboxSpec
{
    /// <summary>Version of the spec's format.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Where commands run; null: the daemon's working folder. May hold <c>${env:NAME}</c>.</summary>
    public string? Workspace { get; init; }

    /// <summary>Relative to the workspace: cwd of hooks, scope of auto-commit, place of app.yaml.</summary>
    public string AppDir { get; init; } = ".";

    /// <summary>For filters across devboxes.</summary>
    public ValueDictionary<string> Labels { get; init; } = new();

    /// <summary>The endpoint and the daemon's own limits.</summary>
    public DaemonSpec Daemon { get; init; } = new();

    /// <summary>What sessions inherit.</summary>
    public DefaultsSpec Defaults { get; init; } = new();

    /// <summary>Other tools' files that are read too.</summary>
    public ImportSpec Import { get; init; } = new();

    /// <summary>Ports, or HOST:PORT, that an imported devcontainer.json forwards; shown, for what forwards them is outside.</summary>
    public ValueList<string> ForwardPorts { get; init; } = [];

    /// <summary>Variables of sessions and hooks, in the order of the file.</summary>
    public ValueList<EnvEntry> Env { get; init; } = [];

    /// <summary>Secrets that become variables or files.</summary>
    public ValueList<SecretSpec> Secrets { get; init; } = [];

    /// <summary>Where secret values come from.</summary>
    public SecretProviderSpec SecretProvider { get; init; } = new();

    /// <summary><c>wait_for</c> and <c>timeout</c> of <c>[hooks]</c>.</summary>
    public HooksSpec HookDefaults { get; init; } = new();

    /// <summary>All hooks, short and long forms, in the order in which they run.</summary>
    public ValueList<HookSpec> Hooks { get; init; } = [];

    /// <summary>The sessions without error.</summary>
    public ValueList<SessionSpec> Sessions { get; init; } = [];

    /// <summary>Saving of the workspace; null: off, so that no repository is pushed unasked.</summary>
    public AutoCommitSpec? AutoCommit { get; init; }

    /// <summary>What counts as activity.</summary>
    public ActivitySpec Activity { get; init; } = new();

    /// <summary>Log files and the daemon's own log.</summary>
    public LogsSpec Logs { get; init; } = new();

    /// <summary>How a newer version is noticed.</summary>
    public ReleaseSpec Release { get; init; } = new();
}
